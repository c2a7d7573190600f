import { existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { type Home, lineOf, makeHome, type SetUp } from './support/mole.ts'
import { EXIT, refusalOf, viewOf } from './support/refusal.ts'

/**
 * Bad input and unfit surroundings, against the real command: each is refused before anything is made, with the exit code
 * that docs/cli.md promises, and with words that name the part, what it means and what to do.
 */

let home: Home
test.beforeEach(() => {
  home = makeHome()
})
test.afterEach(() => home.remove())

const UP = ['up', '--target', 'lab', '--yes'] as const

/** Nothing was begun: no engine, no database, no lab. */
const expectUntouched = (): void => {
  expect(readdirSync(home.directory).filter((name) => ['mole', 's', 'c'].includes(name))).toEqual([])
}

test.describe('options', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['--target=azure', '--target', /--target azure: .*"lab" or "aws"/],
    ['--tunnels=0', '--tunnels', /--tunnels 0: .*at least 1/],
    ['--tunnels=9', 'deployment.tunnels', /^--tunnels: deployment\.tunnels.*\(8\)$/],
    ['--tunnels=99', '--tunnels', /--tunnels 99: .*at most 64/],
    ['--tunnels=-1', '--tunnels', /--tunnels -1: .*at least 1/],
    ['--tunnels=2.5', '--tunnels', /2\.5: .*whole number/],
    ['--tunnels=four', '--tunnels', /four: .*whole number/],
    ['--tunnels=', '--tunnels', /whole number/],
    ['--private-cidr=10.100.7.0/24', 'deployment.private_cidr', /10\.100\.7\.0\/24 overlaps .*10\.100\.0\.0\/16/],
    ['--private-cidr=198.51.100.0/24', 'privateCidr', /198\.51\.100\.0\/24 overlaps/],
    ['--private-cidr=10.200.0.1/24', '--private-cidr', /10\.200\.0\.1\/24: .*host bits zero/],
    ['--private-cidr=fd00::/64', '--private-cidr', /must be an IPv4 network/],
    ['--private-cidr=127.0.0.0/8', 'deployment.private_cidr', /loopback/],
    ['--private-cidr=169.254.169.0/24', 'deployment.private_cidr', /link-local/],
    ['--private-cidr=0.0.0.0/0', 'deployment.private_cidr', /reserved/],
    ['--base-cidr=10.100.0.0/20', '--base-cidr', /must be a \/16/],
    ['--base-cidr=224.1.0.0/16', 'tunnel.base_cidr', /reserved/],
    ['--mtu=1279', '--mtu', /--mtu 1279: .*at least 1280/],
    ['--mtu=8941', '--mtu', /--mtu 8941: .*at most 8940/],
    ['--mtu=1e3', '--mtu', /--mtu 1e3: must be a whole number of bytes/],
    ['--path-rate=fast', '--path-rate', /--path-rate fast: must be a rate/],
    ['--path-rate=1k', '--path-rate', /at least 1M/],
    ['--vpc=vpc-12345', '--vpc', /--vpc is for the target aws/],
    ['--instance-type=c6gn.medium', '--instance-type', /is for the target aws/],
  ]
  for (const [option, field, message] of cases)
    test(`${option} is refused, naming ${field}`, async () => {
      const error = refusalOf(await home.mole(...UP, option), EXIT.badInput)
      expect(error).toMatchObject({ code: 'bad-input', data: { field } })
      expect(error.message).toMatch(message)
      expect(await home.leftovers()).toEqual([])
    })

  test('an option that does not exist is refused, with the one that was meant', async () => {
    const error = refusalOf(await home.mole(...UP, '--tunels', '4'), EXIT.badInput)
    expect(error.message).toContain('--tunnels')
    expectUntouched()
  })

  test('a verb that does not exist is refused', async () => {
    expect(refusalOf(await home.mole('deploy'), EXIT.badInput).message).toContain('deploy')
    expectUntouched()
  })

  test('nobody there to say yes: nothing is made', async () => {
    expect(refusalOf(await home.mole('up'), EXIT.badInput).data.field).toBe('--yes')
    expectUntouched()
  })

  for (const option of ['--target=aws', '--vpc=vpc-12345', '--instance-type=c6gn.medium'])
    test(`a cloud without credentials for it is not available: ${option}`, async () => {
      const error = refusalOf(await home.mole('up', option, '--yes'), EXIT.notAvailable)
      expect(error).toMatchObject({ code: 'not-available', data: { field: 'aws.profile' } })
      expect(await home.leftovers()).toEqual([])
    })

  /** Options come before the command that is to be run. */
  const beforeCommand = (argv: readonly string[]): readonly string[] =>
    argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv

  for (const argv of [
    ['scale', '--tunnels=2'],
    ['autoscale', 'on'],
    ['optimize'],
    ['rotate'],
    ['run', '--', 'true'],
    ['lab', 'traffic'],
    ['lab', 'break', '1'],
    ['lab', 'shell', '--', 'true'],
  ])
    test(`"${argv.join(' ')}" where nothing is deployed is refused, and starts nothing`, async () => {
      const error = refusalOf(
        await home.mole(...beforeCommand(argv), '--json', ...argv.slice(beforeCommand(argv).length)),
        EXIT.conflict,
      )
      expect(error.data.field).toBe('deployment')
      expectUntouched()
    })
})

test.describe('a configuration document', () => {
  const cases: readonly (readonly [string, string, string, string, RegExp])[] = [
    ['is not YAML', 'tunnel: [1, 2\nlab: {}\n', '\\d+:\\d+', '', /./],
    ['is a list', '- lab\n', '1:1', 'document', /./],
    ['is an older plan file', 'target: lab\ntunnels: 4\n', '1:1', 'target', /./],
    ['has a key that is nearly right', 'deployment:\n  tunels: 4\n', '2:3', 'deployment.tunels', /tunels/],
    ['has a key twice', 'tunnel:\n  mtu: 1400\n  mtu: 1300\n', '3:3', 'tunnel.mtu', /twice/],
    ['has a value of the wrong type', 'deployment:\n  tunnels: many\n', '2:12', 'deployment.tunnels', /whole number/],
    ['has a list for a number', 'deployment:\n  tunnels: [4]\n', '2:12', 'deployment.tunnels', /whole number/],
    [
      'has a network that overlaps',
      'deployment:\n  private_cidr: 10.100.0.0/24\n',
      '2:17',
      'deployment.private_cidr',
      /overlaps/,
    ],
    ['extends what is not there', 'extends: ./none.yaml\n', '1:10', 'extends', /none\.yaml/],
  ]
  for (const [what, text, place, field, message] of cases)
    test(`that ${what} is refused with its place`, async () => {
      const file = join(home.directory, 'mine.yaml')
      writeFileSync(file, text)
      const error = refusalOf(await home.mole(...UP, '--file', file), EXIT.badInput)
      expect(error.message).toMatch(new RegExp(`^${file}:${place}: `))
      expect(error.message).toMatch(message)
      expect(error.data.field).toContain(field)
      expectUntouched()
    })

  test('with a near miss is told the key that was meant', async () => {
    writeFileSync(join(home.directory, 'mine.yaml'), 'deployment:\n  tunels: 4\n')
    const error = refusalOf(await home.mole(...UP, '--file', join(home.directory, 'mine.yaml')), EXIT.badInput)
    expect(error.data.nextStep).toContain('Did you mean "tunnels"?')
  })

  test('that is not there, or is a directory, is refused by its name', async () => {
    const none = join(home.directory, 'none.yaml')
    expect(refusalOf(await home.mole(...UP, '--file', none), EXIT.badInput).message).toContain(none)
    const directory = refusalOf(await home.mole(...UP, '--file', home.directory), EXIT.notAvailable)
    expect(directory.message).toContain(home.directory)
    expectUntouched()
  })
})

test.describe('this machine', () => {
  /** Puts a file over a program that nobody may run. */
  const without = (program: string): SetUp => {
    const nothing = join(home.directory, 'nothing')
    writeFileSync(nothing, '', { mode: 0o644 })
    return { script: 'mount --bind "$1" "$2"', values: [nothing, program] }
  }

  for (const program of ['wg', 'nft', 'iperf3'])
    test(`without ${program} the lab is refused before anything is made, and doctor says the same`, async () => {
      const where = ['/usr/sbin', '/usr/bin'].map((path) => join(path, program)).find(existsSync) ?? program
      const error = refusalOf(await home.moleAfter(without(where), ...UP), EXIT.notAvailable)
      expect(error).toMatchObject({ code: 'missing-program', data: { field: program } })
      expect(error.data.nextStep).toContain('apt-get install')
      expect(await home.leftovers()).toEqual([])

      const doctor = await home.moleAfter(without(where), 'doctor')
      expect(doctor.code).toBe(EXIT.notAvailable)
      expect(JSON.stringify(doctor.json)).toContain(`"${program}"`)
    })
})

test.describe('a second engine', () => {
  test('is refused, naming the process of the first', async () => {
    const first = home.start('mole', ['serve', '--json'])
    await lineOf(first, /http:\S+/)
    for (const argv of [['serve'], ['serve', '--background']]) {
      const error = refusalOf(await home.mole(...argv), EXIT.conflict)
      expect(error).toMatchObject({ code: 'conflict', data: { field: 'engine' } })
      expect(error.message).toContain(`process ${first.pid}`)
    }
    expect(first.exitCode).toBeNull()
  })
})

test.describe('a directory of ours', () => {
  const runtime = (): string => join(home.directory, 'mole')

  const cases: readonly (readonly [string, () => Promise<unknown>, RegExp])[] = [
    ['open to other users', () => mkdir(runtime(), { mode: 0o755 }), /is open to other users/],
    [
      'a symbolic link',
      async () => {
        await mkdir(join(home.directory, 'elsewhere'), { mode: 0o700 })
        symlinkSync(join(home.directory, 'elsewhere'), runtime())
      },
      /is a symbolic link/,
    ],
    ['a file', async () => writeFileSync(runtime(), ''), /is not a directory/],
  ]
  for (const [what, plant, message] of cases)
    test(`that is ${what} is not used, and nothing in it is trusted`, async () => {
      await plant()
      for (const argv of [[...UP], ['status'], ['down'], ['serve']]) {
        const error = refusalOf(await home.mole(...argv), EXIT.denied)
        expect(error).toMatchObject({ code: 'denied', data: { field: runtime() } })
        expect(error.message).toMatch(message)
      }
      expect(existsSync(join(home.directory, 's', 'mole', 'mole.sqlite'))).toBe(false)
    })

  const state = (): string => join(home.directory, 's')

  const unfit: readonly (readonly [string, string])[] = [
    ['cannot be made', 'mount -t tmpfs -o ro,mode=700 tmpfs "$1"'],
    ['cannot be written', 'mkdir -p -m 700 "$1/mole"; mount -t tmpfs -o ro,mode=700 tmpfs "$1/mole"'],
    [
      'is full',
      'mount -t tmpfs -o size=4k,mode=700 tmpfs "$1"; mkdir -m 700 "$1/mole"; head -c 4096 /dev/zero >"$1/full" || true',
    ],
  ]
  for (const [what, script] of unfit)
    test(`for the database that ${what} is named, and nothing is made`, async () => {
      await mkdir(state(), { mode: 0o700 })
      for (const argv of [[...UP], ['serve']]) {
        const error = refusalOf(await home.moleAfter({ script, values: [state()] }, ...argv), EXIT.notAvailable)
        expect(error.code).toBe('not-available')
        expect(error.data.field).toContain(join(state(), 'mole'))
      }
      expect(await home.leftovers()).toEqual([])
    })
})

test.describe('a damaged database', () => {
  const database = (): string => join(home.directory, 's', 'mole', 'mole.sqlite')
  const kept = (): string[] =>
    readdirSync(join(home.directory, 's', 'mole')).filter((name) => name.includes('.damaged-'))

  test('is set aside and named; the work goes on', async () => {
    await mkdir(join(home.directory, 's'), { mode: 0o700 })
    await mkdir(join(home.directory, 's', 'mole'), { mode: 0o700 })
    writeFileSync(database(), 'this is no database, and never was one. '.repeat(200))
    const up = await home.mole(...UP, '--tunnels', '1')
    expect(up.code, up.stderr).toBe(0)
    const [name = ''] = kept()
    expect(up.stderr).toContain(name)
    expect(name).toContain('mole.sqlite.damaged-')
    expect((await home.mole('down')).code).toBe(0)
    expect(await home.leftovers()).toEqual([])
  })

  test('of something that is up: what is there is said, and can be removed', async () => {
    expect((await home.mole(...UP, '--tunnels', '1')).code).toBe(0)
    expect((await home.mole('serve', '--stop')).code).toBe(0)
    for (const suffix of ['', '-wal', '-shm'])
      if (existsSync(database() + suffix)) writeFileSync(database() + suffix, 'x'.repeat(5000))
    const status = await home.mole('status')
    expect(status.code, status.stderr).toBe(EXIT.failed)
    expect(status.stderr).toContain(kept()[0] ?? 'a file set aside')
    expect(viewOf(status)).toMatchObject({ phase: 'failed', problem: { code: 'drift' } })
    expect(viewOf(status).problem?.data.nextStep).toContain('mole down')
    const down = await home.mole('down')
    expect(down.code, down.stderr).toBe(0)
    expect(await home.leftovers()).toEqual([])
  })
})
