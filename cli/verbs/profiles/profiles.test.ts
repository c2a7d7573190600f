import { existsSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ProfileSummary } from '../../../contract/app.ts'
import { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { openScratch } from '../../scratch.ts'
import { connected, type FakeEngine, fakeEngine } from '../../testing/fake-engine.ts'
import { type FakeWorld, fakeWorld, mole } from '../../testing/fake-world.ts'
import { PROFILES, type TemporaryHome, temporaryHome } from '../../testing/temporary-home.ts'
import type { World } from '../../world.ts'
import { writeNewFiles } from '../../write-new-files.ts'

let home: TemporaryHome
beforeEach(() => {
  home = temporaryHome()
})
afterEach(() => home.remove())

const SOUND = 'description: four paths\ndeployment:\n  tunnels: 4\n'
const BROKEN = 'deployment:\n  tunnels: many\n'

const path = (name: string): string => join(home.directory, PROFILES, `${name}.yaml`)
const save = (name: string, text = SOUND): string => home.write(`${PROFILES}/${name}.yaml`, text)
const text = (name: string): string => readFileSync(path(name), 'utf8')
const world = (more: Partial<World> = {}, engine: FakeEngine | null = null): FakeWorld =>
  fakeWorld(engine, {}, { ...home.files(), writeNewFiles, ...more })

const jsonOf = async (command: string, where = world()) => JSON.parse((await mole(`${command} --json`, where)).out)

describe('mole profiles', () => {
  it('says how to make one where there is none', async () => {
    const { code, out } = await mole('profiles', world())
    expect(code).toBe(0)
    expect(out).toContain('mole create-profile')
    expect((await jsonOf('profiles')).profiles).toEqual([])
  })

  it('lists what each makes and its problems, without an engine', async () => {
    save('lab-a')
    save('bad', BROKEN)
    const { code, out, err } = await mole('profiles', world())
    expect(code).toBe(0)
    expect(out).toMatch(/^bad +– +unknown +1$/m)
    expect(out).toMatch(/^lab-a +lab, 4 tunnels: four paths +unknown +–$/m)
    expect(err).toContain(`${path('bad')}:2:12: deployment.tunnels: `)
  })

  it('knows from a running engine when each was connected last', async () => {
    save('lab-a')
    save('lab-b')
    const summary: ProfileSummary = {
      name: 'lab-a',
      description: null,
      extends: null,
      revision: 'a'.repeat(64),
      modifiedAtMs: 0,
      lastConnectedAtMs: Date.now() - 7_800_000,
      plan: DeploymentPlan.parse({}),
      problems: [],
      notInForce: [],
      hasBackup: false,
    }
    const engine = fakeEngine(undefined, {
      'profiles.watch': async function* () {
        yield { directory: '/p', profiles: [summary], damaged: [], problem: null }
      },
    })
    const { out } = await mole('profiles', world({}, engine))
    expect(out).toMatch(/^lab-a .* 2 h 10 min ago +–$/m)
    expect(out).toMatch(/^lab-b .* never +–$/m)
  })

  it('gives versioned JSON, which leaves out what nobody knows', async () => {
    save('lab-a')
    const listed = await jsonOf('profiles')
    expect(listed).toMatchObject({
      version: 1,
      ok: true,
      directory: join(home.directory, PROFILES),
      profiles: [{ name: 'lab-a', description: 'four paths', plan: { tunnels: 4 }, problems: [], notInForce: [] }],
      damaged: [],
    })
    expect(listed.profiles[0]).not.toHaveProperty('lastConnectedAtMs')
  })

  it('--names gives one name a line and asks nobody', async () => {
    save('b')
    save('a', BROKEN)
    const engine = fakeEngine()
    expect((await mole('profiles --names', world({}, engine))).out).toBe('a\nb\n')
    expect(engine.calls).toEqual([])
  })

  it('sets aside a file that holds no text, with its name said', async () => {
    const file = save('lost', '\0\0\0\0')
    utimesSync(file, 1000, 1000)
    const { code, err } = await mole('profiles', world())
    expect(code).toBe(0)
    expect(err).toContain('The file of "lost" held no text and was moved to')
    expect(existsSync(file)).toBe(false)
  })

  it('tells in one sentence why a file cannot be read', async () => {
    save('fresh', '')
    const { err } = await mole('profiles', world())
    expect(err).toContain('fresh.yaml holds no text. One line,')
  })

  it('tells a mistake that all of them stand on once', async () => {
    save('one', SOUND)
    save('two', SOUND)
    home.write(`${dirname(PROFILES)}/config.yaml`, 'tunnel:\n  mtuu: 1\n')
    const { out, err } = await mole('profiles', world())
    expect(out).toMatch(/one.*1\n.*two.*1\n/)
    expect(err.match(/config\.yaml:2:3: tunnel\.mtuu/g)).toHaveLength(1)
  })

  it('lists them also where the user’s configuration holds no text, and says that', async () => {
    save('one', SOUND)
    home.write(`${dirname(PROFILES)}/config.yaml`, 'a\0b')
    const { code, out, err } = await mole('profiles', world())
    expect(code).toBe(0)
    expect(out).toMatch(/^one +– .* 1$/m)
    expect(err).toContain('config.yaml holds no text. ')
    expect((await mole('profiles show one', world())).out).toBe(SOUND)
  })

  it('tells a verb that was nearly right', async () => {
    const { code, err } = await mole('profiles shwo', world())
    expect(code).toBe(2)
    expect(err).toContain('Did you mean "mole profiles show"?')
  })
})

describe('mole profiles show and export', () => {
  it('show prints it as it is written, and its problems on stderr', async () => {
    save('bad', BROKEN)
    const { code, out, err } = await mole('profiles show bad', world())
    expect([code, out]).toEqual([0, BROKEN])
    expect(err).toContain('deployment.tunnels')
  })

  it('show lets no escape sequence through, export gives every byte', async () => {
    const hostile = '# \u001b]0;owned\u0007\tx\r\ndeployment:\r\n  tunnels: 2\r\n'
    save('odd', hostile)
    save('turned', 'description: "safe \u202egnp.exe"\n')
    expect((await mole('profiles show turned', world())).out).not.toContain('\u202e')
    expect((await mole('profiles show odd', world())).out).toBe('#  ]0;owned \tx\ndeployment:\n  tunnels: 2\n')
    expect((await mole('profiles export odd', world())).out).toBe(hostile)
  })

  it('export writes a new file, for its owner alone, and never over another', async () => {
    save('lab-a')
    const file = join(home.directory, 'out.yaml')
    expect((await mole(['profiles', 'export', 'lab-a', '-o', file], world())).out).toBe(`${file}\n`)
    expect(readFileSync(file, 'utf8')).toBe(SOUND)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect((await mole(['profiles', 'export', 'lab-a', '-o', file], world())).code).toBe(4)
  })

  it('both say so when there is none', async () => {
    expect((await mole('profiles show nobody', world())).code).toBe(4)
    expect((await mole('profiles export nobody', world())).code).toBe(4)
  })
})

describe('mole profiles rename, duplicate, delete, restore', () => {
  it('rename and duplicate take a free name only', async () => {
    save('lab-a')
    expect((await mole('profiles duplicate lab-a lab-b', world())).code).toBe(0)
    expect(text('lab-b')).toBe(SOUND)
    expect((await mole('profiles rename lab-a lab-b', world())).code).toBe(4)
    expect((await mole('profiles rename lab-a lab-c', world())).code).toBe(0)
    expect([existsSync(path('lab-a')), text('lab-c')]).toEqual([false, SOUND])
    expect((await mole('profiles rename lab-c ../x', world())).code).toBe(2)
  })

  it.each([
    [false, 130],
    [null, 130],
    [true, 0],
  ])('delete asks: the answer %s ends with %i', async (answer, expected) => {
    save('lab-a')
    const asked = world({ isInteractive: true, confirm: async () => answer })
    expect((await mole('profiles delete lab-a', asked)).code).toBe(expected)
    expect(existsSync(path('lab-a'))).toBe(answer !== true)
  })

  it('delete needs --yes where nobody is there, and restore brings it back', async () => {
    save('lab-a')
    expect((await mole('profiles delete lab-a', world())).code).toBe(2)
    expect((await mole('profiles delete lab-a --yes', world())).code).toBe(0)
    expect(existsSync(path('lab-a'))).toBe(false)
    expect((await mole('profiles restore lab-a', world())).code).toBe(0)
    expect(text('lab-a')).toBe(SOUND)
    expect((await mole('profiles restore nobody', world())).code).toBe(4)
  })
})

describe('mole profiles import', () => {
  it('makes a profile called like the file, after checking it', async () => {
    const file = home.write('research-vpc.yaml', `${SOUND}optimization:\n  enable_sriov: true\n`)
    const { code, out, err } = await mole(`profiles import ${file}`, world())
    expect([code, out]).toEqual([0, 'Saved as research-vpc. To connect: mole connect research-vpc\n'])
    expect(err).toContain('Not yet in force: optimization.enable_sriov.')
    expect(text('research-vpc')).toContain(SOUND)
    expect((await mole(`profiles import ${file}`, world())).code).toBe(4)
    expect((await mole(`profiles import ${file} --as other`, world())).code).toBe(0)
  })

  it('goes on extending the same file from where the profile lies', async () => {
    const parent = home.write('shared/base.yaml', 'tunnel:\n  mtu: 1300\n')
    const file = home.write('shared/ours.yaml', '# ours\nextends: ./base.yaml\n')
    // One of that name beside the profiles is another file.
    save('base', 'tunnel:\n  mtu: 1400\n')
    expect((await mole(`profiles import ${file}`, world())).code).toBe(0)
    expect(text('ours')).toBe(`# ours\nextends: "${parent}"\n`)
    expect(readFileSync(file, 'utf8')).toContain('extends: ./base.yaml')
  })

  it('refuses one with problems, all of them named, and saves nothing', async () => {
    const file = home.write('x.yaml', 'deployment:\n  tunnels: many\ntunnel:\n  mtu: 3\n')
    const { code, err } = await mole(`profiles import ${file}`, world())
    expect(code).toBe(2)
    expect(err).toContain('x.yaml:2:12: deployment.tunnels')
    expect(err).toContain('x.yaml:4:8: tunnel.mtu')
    expect(existsSync(path('x'))).toBe(false)
  })

  it('refuses a wg-quick file by what it is', async () => {
    const file = home.write('wg0.conf', '# mine\n[Interface]\nPrivateKey = abc=\n\n[Peer]\nPublicKey = x\n')
    const { code, err } = await mole(`profiles import ${file}`, world())
    expect(code).toBe(2)
    expect(err).toContain('is a wg-quick file, not a profile')
    expect(err).not.toContain('abc=')
  })

  it('needs a name for what comes from stdin, or from a file whose name is none', async () => {
    const stdin = { readText: async () => SOUND }
    expect((await mole('profiles import -', world(stdin))).err).toContain('--as NAME')
    expect((await mole('profiles import - --as lab', world(stdin))).code).toBe(0)
    expect(text('lab')).toBe(SOUND)
    const file = home.write('My Lab.yaml', SOUND)
    expect((await mole(['profiles', 'import', file], world())).code).toBe(2)
  })

  it.each([
    ['is not there', null],
    ['holds no UTF-8 text', '\0'],
  ])('names a file that %s', async (what, content) => {
    const file = content === null ? join(home.directory, 'none.yaml') : home.write('none.yaml', content)
    const { code, err } = await mole(`profiles import ${file}`, world())
    expect(code).toBe(2)
    expect(err).toContain(`${file} ${what}`)
  })
})

describe('mole profiles edit', () => {
  /** An editor that writes these texts, one at each call; a number is an exit code. */
  const editor = (...writes: (string | number)[]) => {
    const opened: string[] = []
    const openThis: World['openScratch'] = (fileName, before) =>
      openScratch(fileName, before, { EDITOR: 'ed -s' }, async (_program, argv, _env, output) => {
        const file = argv.at(-1) ?? ''
        opened.push(file)
        // No terminal here: stdout is for data, and none of the editor's business.
        expect(output).toBe('stderr')
        expect(statSync(dirname(file)).mode & 0o777).toBe(0o700)
        expect(statSync(file).mode & 0o777).toBe(0o600)
        const next = writes.shift()
        if (typeof next === 'number') return next
        if (next !== undefined) writeFileSync(file, next)
        return 0
      })
    return { opened, openScratch: openThis }
  }

  it('saves what is sound, with the text before as backup, and leaves no copy', async () => {
    save('lab-a')
    const { opened, ...editing } = editor(`${SOUND}tunnel:\n  mtu: 1300\n`)
    expect(await jsonOf('profiles edit lab-a', world(editing))).toMatchObject({ ok: true, changed: true })
    expect(text('lab-a')).toContain('mtu: 1300')
    expect(readFileSync(`${path('lab-a')}.bak`, 'utf8')).toBe(SOUND)
    expect(existsSync(dirname(opened[0] ?? ''))).toBe(false)
  })

  it('does nothing where nothing was changed', async () => {
    save('lab-a')
    expect(await jsonOf('profiles edit lab-a', world(editor(SOUND)))).toMatchObject({ changed: false })
    expect(existsSync(`${path('lab-a')}.bak`)).toBe(false)
  })

  it('shows problems with their place, and opens the editor again', async () => {
    save('lab-a')
    const { opened, ...editing } = editor(BROKEN, SOUND.replace('4', '2'))
    const person = world({ ...editing, isInteractive: true, choose: async () => 'again' })
    const { code, err } = await mole('profiles edit lab-a', person)
    expect([code, opened.length]).toEqual([0, 2])
    expect(err).toContain('lab-a.yaml:2:12: deployment.tunnels')
    expect(text('lab-a')).toContain('tunnels: 2')
  })

  it('saves it as it is, or leaves the profile as it was, as the person chooses', async () => {
    save('lab-a')
    const dropping = world({ ...editor(BROKEN), isInteractive: true, choose: async () => 'drop' })
    expect((await mole('profiles edit lab-a', dropping)).code).toBe(130)
    expect(text('lab-a')).toBe(SOUND)
    const keeping = world({ ...editor(BROKEN), isInteractive: true, choose: async () => 'keep' })
    expect((await mole('profiles edit lab-a', keeping)).code).toBe(0)
    expect(text('lab-a')).toBe(BROKEN)
  })

  it('keeps the text and says where, when the person breaks off', async () => {
    save('lab-a')
    const { opened, ...editing } = editor(BROKEN)
    const { code, err } = await mole(
      'profiles edit lab-a',
      world({ ...editing, isInteractive: true, choose: async () => null }),
    )
    const [copy = ''] = opened
    expect(code).toBe(130)
    expect(err).toContain(copy)
    expect(readFileSync(copy, 'utf8')).toBe(BROKEN)
    rmSync(dirname(copy), { recursive: true })
  })

  it('says where the text is also when it cannot be judged', async () => {
    save('lab-a')
    home.write(`${dirname(PROFILES)}/config.yaml`, 'a\0b')
    const { opened, ...editing } = editor(SOUND.replace('4', '2'))
    const { code, err } = await mole('profiles edit lab-a', world(editing))
    const [copy = ''] = opened
    expect(code).toBe(2)
    expect(err).toContain(copy)
    expect(existsSync(copy)).toBe(true)
    rmSync(dirname(copy), { recursive: true })
  })

  it('without a terminal refuses problems, and says where the text is', async () => {
    save('lab-a')
    const { opened, ...editing } = editor(BROKEN)
    const { code, err } = await mole('profiles edit lab-a', world(editing))
    const [copy = ''] = opened
    expect(code).toBe(2)
    expect(err).toContain('deployment.tunnels')
    expect(err).toContain(copy)
    expect(text('lab-a')).toBe(SOUND)
    rmSync(dirname(copy), { recursive: true })
  })

  it('keeps what somebody else saved meanwhile, and says where this text is', async () => {
    save('lab-a')
    const { openScratch: open } = editor(SOUND.replace('4', '3'))
    const theirs = SOUND.replace('4', '8')
    let copy = ''
    const person = world({
      openScratch: async (fileName, before) => {
        const scratch = await open(fileName, before)
        copy = scratch.path
        save('lab-a', theirs)
        return scratch
      },
    })
    const { code, err } = await mole('profiles edit lab-a', person)
    expect(code).toBe(4)
    expect(err).toContain(`Your text is in ${copy}`)
    expect(text('lab-a')).toBe(theirs)
    expect(readFileSync(copy, 'utf8')).toContain('tunnels: 3')
    rmSync(dirname(copy), { recursive: true })
  })

  it('changes nothing when the editor fails', async () => {
    save('lab-a')
    const { opened, ...editing } = editor(1)
    const { code, err } = await mole('profiles edit lab-a', world(editing))
    expect(code).toBe(130)
    expect(err).toContain('The editor "ed" ended with code 1.')
    expect(text('lab-a')).toBe(SOUND)
    expect(existsSync(dirname(opened[0] ?? ''))).toBe(false)
  })
})

describe('mole create-profile', () => {
  it('saves what the options say, and no more', async () => {
    const { code, out } = await mole(
      ['create-profile', 'lab-a', '--tunnels', '3', '--path-rate', '50M', '--description', 'three: slow paths'],
      world(),
    )
    expect([code, out]).toEqual([0, 'Saved as lab-a. To connect: mole connect lab-a\n'])
    expect((await jsonOf('config show --profile lab-a')).values).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: 'deployment.tunnels', value: 3, origin: 'profile' }),
        expect.objectContaining({ path: 'lab.path_rate', value: '50M', origin: 'profile' }),
        expect.objectContaining({ path: 'tunnel.mtu', value: 1420, origin: 'default' }),
      ]),
    )
    expect((await jsonOf('profiles')).profiles[0].description).toBe('three: slow paths')
  })

  it('keeps what is for AWS', async () => {
    const { code, out, err } = await mole('create-profile research-vpc --vpc vpc-12345 --tunnels 4', world())
    expect(code).toBe(0)
    expect(out).toContain('To connect: mole connect research-vpc')
    expect(err).toBe('')
    expect((await jsonOf('profiles')).profiles[0].plan).toMatchObject({ target: 'aws', tunnels: 4 })
  })

  it('builds on what comes with Cloud Mole, or on a file named from here', async () => {
    await mole('create-profile big --extends dtn --tunnels 8', world())
    expect((await mole('create-profile huge --extends dtn --tunnels 12', world())).code).toBe(0)
    expect((await mole('profiles delete huge --yes', world())).code).toBe(0)
    expect((await jsonOf('profiles')).profiles[0]).toMatchObject({ extends: 'dtn', plan: { maxTunnels: 12 } })
    const base = home.write('base.yaml', 'tunnel:\n  mtu: 1300\n')
    expect((await mole(`create-profile small --extends ${base}`, world())).code).toBe(0)
    expect((await jsonOf('profiles show small')).profile.plan).toMatchObject({ mtuBytes: 1300 })
  })

  it('may have nothing of its own', async () => {
    expect((await mole('create-profile plain', world())).code).toBe(0)
    expect((await jsonOf('profiles')).profiles[0]).toMatchObject({ name: 'plain', problems: [], plan: { tunnels: 4 } })
  })

  it('takes what is up, options above it', async () => {
    const engine = fakeEngine({ ...connected(3), plan: DeploymentPlan.parse({ tunnels: 3, mtuBytes: 1300 }) })
    expect((await mole('create-profile now --from-current --tunnels 2', world({}, engine))).code).toBe(0)
    expect((await jsonOf('profiles')).profiles[0].plan).toMatchObject({ tunnels: 2, mtuBytes: 1300 })
  })

  it('says so when nothing is up to take', async () => {
    expect((await mole('create-profile now --from-current', world())).code).toBe(4)
    expect((await mole('create-profile now --from-current', world({}, fakeEngine()))).code).toBe(4)
    expect(existsSync(path('now'))).toBe(false)
  })

  it.each([
    ['create-profile Lab', 2, '<name> Lab: must be'],
    ['create-profile lab --tunnels many', 2, '--tunnels many'],
    ['create-profile lab --tunnels 20', 2, 'deployment.tunnels'],
    ['create-profile lab --extends dtm', 2, 'dtn'],
    ['create-profile lab --extends ./nowhere.yaml', 2, 'nowhere.yaml'],
    ['create-profile lab --private-cidr 10.100.0.0/24', 2, 'overlaps'],
  ])('refuses "%s" and saves nothing', async (command, expected, message) => {
    const { code, err } = await mole(command, world())
    expect(code).toBe(expected)
    expect(err).toContain(message)
    expect(existsSync(path('lab'))).toBe(false)
  })

  it('writes over nothing', async () => {
    save('lab-a')
    expect((await mole('create-profile lab-a --tunnels 1', world())).code).toBe(4)
    expect(text('lab-a')).toBe(SOUND)
  })
})
