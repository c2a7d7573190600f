import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CONFIG_KEYS, CONFIG_SECTIONS } from '../../../domain/config/keys.ts'
import { type FakeWorld, fakeWorld, mole } from '../../testing/fake-world.ts'
import { PROFILES, type TemporaryHome, temporaryHome } from '../../testing/temporary-home.ts'
import type { World } from '../../world.ts'

let home: TemporaryHome
beforeEach(() => {
  home = temporaryHome()
})
afterEach(() => home.remove())

const world = (environment: Record<string, string> = {}, more: Partial<World> = {}): FakeWorld =>
  fakeWorld(null, {}, { ...home.files(environment), ...more })

describe('mole config check', () => {
  it('finds everything at once, a line each, and ends with 2', async () => {
    const file = home.write('x.yaml', 'deployment:\n  tunnels: many\ntunel:\n  mtu: 1400\n')
    const { code, out } = await mole(`config check ${file}`, world())
    expect(code).toBe(2)
    const lines = out.trimEnd().split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(new RegExp(`^${file}:2:12: deployment\\.tunnels: .*whole number`))
    expect(lines[1]).toMatch(new RegExp(`^${file}:3:1: tunel: .*"tunnel"`))
  })

  it('says nothing on stdout where all is well, and names what is not yet in force', async () => {
    const file = home.write('x.yaml', 'extends: dtn\n')
    const { code, out, err } = await mole(`config check ${file}`, world())
    expect([code, out]).toEqual([0, ''])
    expect(err).toContain(`${file}: Not yet in force: optimization.enable_sriov`)
    expect(err).toContain('No problems.')
  })

  it('checks the others too where one cannot be read', async () => {
    const bad = home.write('bad.yaml', 'tunnel:\n  mtu: 3\n')
    const { code, out } = await mole(`config check /nowhere/x.yaml ${bad}`, world())
    expect(code).toBe(2)
    expect(out).toContain('/nowhere/x.yaml: document: /nowhere/x.yaml is not there')
    expect(out).toContain(`${bad}:2:8: tunnel.mtu`)
  })

  it('judges rules over several keys, and what a document extends', async () => {
    home.write('base.yaml', 'tunnel:\n  max_tunnels: 2\n')
    const file = home.write('x.yaml', 'extends: base.yaml\ndeployment:\n  tunnels: 3\n')
    const { code, out } = await mole(`config check ${file}`, world())
    expect(code).toBe(2)
    expect(out).toContain(`${file}:3:12: deployment.tunnels: `)
  })

  it('reads stdin, and leaves out the variables of this shell', async () => {
    const stdin = { readText: async () => 'tunnel:\n  mtu: 1400\n' }
    expect((await mole('config check -', world({ MOLE_TUNNEL_MTU: '1' }, stdin))).code).toBe(0)
    const broken = { readText: async () => 'tunnel:\n  mtu: 1\n' }
    expect((await mole('config check -', world({}, broken))).out).toContain('stdin:2:8: tunnel.mtu')
  })

  it('gives JSON', async () => {
    const file = home.write('x.yaml', 'optimization:\n  enable_sriov: true\ntunnel:\n  mtu: 3\n')
    const { code, out } = await mole(`config check ${file} --json`, world())
    expect(code).toBe(2)
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      ok: true,
      valid: false,
      files: [{ file, problems: [{ key: 'tunnel.mtu', place: { line: 4, column: 8 } }] }],
    })
  })
})

describe('mole config show', () => {
  it('prints every key, as a variable would hold its value', async () => {
    const { code, out } = await mole('config show', world())
    expect(code).toBe(0)
    expect(out.trimEnd().split('\n')).toHaveLength(CONFIG_KEYS.length)
    expect(out).toContain('tunnel.base_cidr=10.100.0.0/16\n')
    expect(out).toContain('aws.instance_types=t4g.nano,t4g.small,c6gn.medium,c6gn.large\n')
    expect(out).toContain('deployment.vpc=null\n')
  })

  it('says for each value who said it, as git does, in their order', async () => {
    home.write('.config/mole/config.yaml', 'extends: research\ntunnel:\n  mtu: 1300\n  min_tunnels: 2\n')
    home.write(`${PROFILES}/lab.yaml`, 'tunnel:\n  min_tunnels: 1\nlab:\n  path_rate: 1G\n')
    const shell = world({ MOLE_LAB_PATH_RATE: '500M' })
    const { code, out } = await mole('config show --origin --profile lab --tunnels 3', shell)
    expect(code).toBe(0)
    const lines = out.split('\n')
    expect(lines).toContain('flag:--tunnels\tdeployment.tunnels=3')
    expect(lines).toContain('environment:MOLE_LAB_PATH_RATE\tlab.path_rate=500M')
    expect(lines).toContain('profile:~/.config/mole/profiles/lab.yaml:2:16\ttunnel.min_tunnels=1')
    expect(lines).toContain('user:~/.config/mole/config.yaml:3:8\ttunnel.mtu=1300')
    expect(out).toMatch(/^extends:research\.yaml:\d+:\d+\ttunnel\.max_tunnels=4$/m)
    expect(out).toMatch(/^extends:default\.yaml:\d+:\d+\ttunnel\.base_cidr=10\.100\.0\.0\/16$/m)
  })

  it('prints only the keys and sections asked for', async () => {
    const { out } = await mole('config show tunnel.mtu optimization.buffer_sizes', world())
    expect(out).toBe(
      'tunnel.mtu=1420\noptimization.buffer_sizes.rmem_max=null\noptimization.buffer_sizes.wmem_max=null\n',
    )
  })

  it('says what is set to no effect, and what is wrong, on stderr', async () => {
    home.write('.config/mole/config.yaml', 'optimization:\n  enable_sriov: true\ntunnel:\n  mtu: 3\n')
    const { code, out, err } = await mole('config show --json', world())
    expect(code).toBe(2)
    expect(err).toContain('tunnel.mtu: must be at least 1280')
    expect(JSON.parse(out)).toMatchObject({ version: 1, ok: true, valid: false })
    const inForce = await mole('config show', world({ MOLE_OPTIMIZATION_ENABLE_SRIOV: 'true' }))
    expect(inForce.err).toContain('optimization.enable_sriov')
  })

  it.each([
    ['tunnel.mtuu', 'Did you mean "tunnel.mtu"?'],
    ['mtu', 'Did you mean "tunnel.mtu"?'],
    ['tunel', 'Did you mean "tunnel"?'],
    ['colour', 'Sections are: deployment, tunnel'],
  ])('tells the key that was meant by %s', async (key, hint) => {
    const { code, err } = await mole(`config show ${key}`, world())
    expect(code).toBe(2)
    expect(err).toContain(hint)
  })
})

describe('mole config explain', () => {
  it('tells everything of a key', async () => {
    home.write('.config/mole/config.yaml', 'tunnel:\n  mtu: 1300\n')
    const { code, out } = await mole('config explain tunnel.mtu', world())
    expect(code).toBe(0)
    expect(out).toContain('MTU inside the tunnels')
    expect(out).toMatch(/type +whole number, 1280 to 8940/)
    expect(out).toMatch(/default +1420/)
    expect(out).toMatch(/value now +1300 {2}\(user:~\/\.config\/mole\/config\.yaml:2:8\)/)
    expect(out).toMatch(/environment +MOLE_TUNNEL_MTU/)
    expect(out).toMatch(/option +--mtu/)
    expect(out).toMatch(/effect +Set on every tunnel interface/)
  })

  it.each(CONFIG_KEYS.map(({ path, effect }) => [path, effect] as const))(
    'tells of %s what it does, or that it does nothing yet',
    async (path, effect) => {
      const { code, out } = await mole(`config explain ${path}`, world())
      expect(code).toBe(0)
      expect(out).toContain(
        effect ?? 'not yet in force: accepted and kept, but no deployment of this version acts on it',
      )
      expect(out).not.toMatch(/undefined|NaN|\[object/)
    },
  )

  it.each(CONFIG_SECTIONS.map(({ path }) => path))('lists the keys of %s', async (path) => {
    const { out } = await mole(`config explain ${path}`, world())
    for (const key of CONFIG_KEYS.filter((each) => each.path.startsWith(`${path}.`))) expect(out).toContain(key.path)
  })

  it('lists all without one, each once', async () => {
    const { out } = await mole('config explain --json', world())
    const { version, keys } = JSON.parse(out)
    expect(version).toBe(1)
    expect(keys.map(({ key }: { key: string }) => key)).toEqual(CONFIG_KEYS.map(({ path }) => path))
    expect((await mole('config explain tunnell', world())).err).toContain('Did you mean "tunnel"?')
  })
})

describe('mole config schema', () => {
  it('prints a JSON Schema with every section', async () => {
    const { code, out } = await mole('config schema', world())
    expect(code).toBe(0)
    const schema = JSON.parse(out)
    const top = CONFIG_SECTIONS.map(({ path }) => path).filter((path) => !path.includes('.'))
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining([...top, 'extends', 'description']))
    const wrapped = JSON.parse((await mole('config schema --json', world())).out)
    expect(wrapped).toEqual({ version: 1, ok: true, schema })
  })
})
