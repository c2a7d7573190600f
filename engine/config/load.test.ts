import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ConfigProblem, renderPlace } from '../../domain/config/problem.ts'
import { type Paths, resolvePaths } from '../paths.ts'
import { withoutConfiguration } from './environment.ts'
import { deployableOf, type LoadedConfig, loadConfig } from './load.ts'

let base = ''
let paths: Paths
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'mole-'))
  paths = { ...resolvePaths({ HOME: base }), runtime: join(base, 'run') }
  await mkdir(paths.runtime, { mode: 0o700 })
})
afterEach(() => rm(base, { recursive: true, force: true }))

/** Writes a file below the user's configuration. */
const put = async (name: string, text: string): Promise<string> => {
  const path = join(paths.config, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  return path
}

type More = Partial<Omit<Parameters<typeof loadConfig>[0], 'paths'>>
const load = (more: More = {}): Promise<LoadedConfig> => loadConfig({ paths, environment: {}, ...more })

const saidOf = (loaded: LoadedConfig, path: string) => {
  const { value, origin, where } = loaded.values.find((each) => each.path === path) ?? {}
  return { value, origin, where }
}
const told = (problems: readonly ConfigProblem[]) =>
  problems.map(({ source, place, key }) => `${renderPlace(source, place).replace(base, '')} ${key}`)

describe('the effective configuration', () => {
  it('is the built-in one where nothing is said', async () => {
    const loaded = await load()
    expect(loaded.problems).toEqual([])
    expect(deployableOf(loaded)).toMatchObject({ target: 'lab', tunnels: 4, mtuBytes: 1420, maxTunnels: 8 })
    expect(loaded.values.every(({ origin }) => origin === 'default')).toBe(true)
    expect(loaded.notInForce).toEqual([])
  })

  it('is said by the highest that speaks, and names it with its place', async () => {
    await put('shared.yaml', 'tunnel:\n  mtu: 1300\n  max_tunnels: 7\ndeployment:\n  tunnels: 3\n')
    const user = await put('config.yaml', 'extends: ./shared.yaml\ntunnel:\n  mtu: 1301\n  min_tunnels: 2\n')
    const profile = await put(
      'profiles/lab.yaml',
      'extends: ../shared.yaml\ntunnel:\n  mtu: 1302\nlab:\n  path_rate: 100M\n',
    )
    const plain = await load({ profile: 'lab' })
    expect(saidOf(plain, 'tunnel.max_tunnels')).toEqual({
      value: 7,
      origin: 'extends',
      where: `${join(paths.config, 'shared.yaml')}:3:16`,
    })
    expect(saidOf(plain, 'tunnel.min_tunnels')).toEqual({ value: 2, origin: 'user', where: `${user}:4:16` })
    expect(saidOf(plain, 'tunnel.mtu')).toEqual({ value: 1302, origin: 'profile', where: `${profile}:3:8` })
    expect(saidOf(plain, 'tunnel.base_cidr')).toMatchObject({ origin: 'default' })

    const environment = { MOLE_TUNNEL_MTU: '1303', MOLE_LAB_PATH_RATE: '50M', MOLE_OTHER: 'x' }
    const above = await load({
      profile: 'lab',
      environment,
      flags: [{ flag: '--mtu', path: 'tunnel.mtu', value: 1304 }],
    })
    expect(saidOf(above, 'lab.path_rate')).toEqual({
      value: '50M',
      origin: 'environment',
      where: 'MOLE_LAB_PATH_RATE',
    })
    expect(saidOf(above, 'tunnel.mtu')).toEqual({ value: 1304, origin: 'flag', where: '--mtu' })
    expect(deployableOf(above)).toMatchObject({
      mtuBytes: 1304,
      tunnels: 3,
      minTunnels: 2,
      maxTunnels: 7,
      labPathRateBitsPerSecond: 50_000_000,
    })
  })

  it('lets what the user says win over what the profile only extends', async () => {
    await put('config.yaml', 'tunnel:\n  max_tunnels: 6\n')
    await put('profiles/dtn.yaml', 'extends: dtn\n')
    const loaded = await load({ profile: 'dtn' })
    expect(saidOf(loaded, 'tunnel.max_tunnels')).toMatchObject({ value: 6, origin: 'user' })
    expect(saidOf(loaded, 'mptcp.enable')).toMatchObject({ value: true, origin: 'extends' })
    expect(saidOf(loaded, 'mptcp.enable').where).toMatch(/^dtn\.yaml:[0-9]+:/)
  })

  it.each(['default', 'dtn', 'research'])('takes the shipped %s whole', async (name) => {
    const loaded = await load({ document: { text: `extends: ${name}`, source: 'x.yaml', directory: base } })
    expect(loaded.problems).toEqual([])
    expect(() => deployableOf(loaded)).not.toThrow()
  })

  it('names the keys that somebody set to no effect, and not those that say what holds anyhow', async () => {
    const text = 'extends: dtn\nscaling:\n  scale_up_threshold: 80%\noptimization:\n  enable_sriov: true\n'
    const loaded = await load({ document: { text, source: 'x.yaml', directory: base } })
    const keys = loaded.notInForce.map(({ path }) => path)
    expect(keys).toContain('optimization.enable_sriov')
    expect(keys).not.toContain('mptcp.enable')
    expect(keys).not.toContain('scaling.scale_up_threshold')
    expect(keys).not.toContain('tunnel.max_tunnels')
  })

  it('points at the value set last where two do not fit together', async () => {
    const user = await put('config.yaml', 'tunnel:\n  min_tunnels: 6\n')
    const loaded = await load({ flags: [{ flag: '--tunnels', path: 'deployment.tunnels', value: 2 }] })
    expect(told(loaded.problems)).toEqual(['--tunnels deployment.tunnels'])
    expect(told((await load()).problems)).toEqual([`${user.replace(base, '')}:2:16 tunnel.min_tunnels`])
    expect(() => deployableOf(loaded)).toThrowError(
      expect.objectContaining({ code: 'bad-input', data: expect.objectContaining({ field: 'deployment.tunnels' }) }),
    )
  })

  it('may ask for more tunnels than one bastion carries', async () => {
    const text = 'extends: dtn\ndeployment:\n  tunnels: 12\n'
    const loaded = await load({ document: { text, source: 'x.yaml', directory: base } })
    expect(deployableOf(loaded)).toMatchObject({ tunnels: 12, bastions: 1 })
  })
})

describe('extends', () => {
  const withText = (text: string) => load({ document: { text, source: 'x.yaml', directory: base } })

  it('follows a chain of files, each by its own directory', async () => {
    await mkdir(join(base, 'a', 'b'), { recursive: true })
    await writeFile(join(base, 'a', 'b', 'two.yaml'), 'extends: ../one.yaml\ntunnel:\n  mtu: 1400\n')
    await writeFile(join(base, 'a', 'one.yaml'), 'extends: research\ntunnel:\n  min_tunnels: 2\n')
    const loaded = await withText('extends: a/b/two.yaml')
    expect(loaded.problems).toEqual([])
    expect(saidOf(loaded, 'tunnel.mtu').value).toBe(1400)
    expect(saidOf(loaded, 'tunnel.min_tunnels').value).toBe(2)
    expect(saidOf(loaded, 'tunnel.max_tunnels').value).toBe(4)
  })

  it('is refused in a circle, which is named', async () => {
    await writeFile(join(base, 'one.yaml'), 'extends: ./two.yaml\n')
    await writeFile(join(base, 'two.yaml'), '\nextends: ./one.yaml\n')
    const { problems, config } = await load({ file: join(base, 'one.yaml') })
    expect(config).toBeNull()
    expect(told(problems)).toEqual(['/two.yaml:2:10 extends'])
    expect(problems[0]?.message).toContain(['one', 'two', 'one'].map((name) => join(base, `${name}.yaml`)).join(' → '))
  })

  it('is refused where an unsaved text leads back to the file it is of', async () => {
    await writeFile(join(base, 'x.yaml'), 'tunnel:\n  mtu: 1400\n')
    const { problems } = await withText('extends: ./x.yaml\n')
    expect(told(problems)).toEqual(['x.yaml:1:10 extends'])
    expect(problems[0]?.message).toMatch(/^extends itself/)
  })

  it('is refused in a chain without end', async () => {
    for (let n = 1; n <= 20; n++) await writeFile(join(base, `${n}.yaml`), `extends: ./${n + 1}.yaml\n`)
    const { problems } = await load({ file: join(base, '1.yaml') })
    expect(told(problems)).toEqual(['/8.yaml:1:10 extends'])
  })

  it.each([
    ['reserch', /"reserch" is not a configuration/, /Did you mean "research"/],
    ['./gone.yaml', /is not there/, /Correct the path/],
    ['/', /not a regular file/, /Correct the path/],
    ['/dev/zero', /not a regular file/, /Correct the path/],
  ])('of %s is refused at its line', async (name, message, nextStep) => {
    const { problems } = await withText(`description: x\nextends: ${name}\n`)
    expect(told(problems)).toEqual(['x.yaml:2:10 extends'])
    expect(problems[0]?.message).toMatch(message)
    expect(problems[0]?.nextStep).toMatch(nextStep)
  })

  it('does not wait for somebody to write into a named pipe', async () => {
    execFileSync('mkfifo', [join(base, 'pipe.yaml')])
    const { problems } = await withText('extends: ./pipe.yaml\n')
    expect(problems[0]?.message).toMatch(/not a regular file/)
  })

  it('tells what is wrong with the file it names, where it is wrong', async () => {
    await writeFile(join(base, 'bad.yaml'), 'tunnel:\n  mtu: 9\n')
    const { problems, config } = await withText('extends: ./bad.yaml\n')
    expect(config).toBeNull()
    expect(told(problems)).toEqual(['/bad.yaml:2:8 tunnel.mtu'])
  })
})

describe('the environment', () => {
  const inEnvironment = (environment: Record<string, string>) => load({ environment })

  it('is read by the kind of the key', async () => {
    const loaded = await inEnvironment({
      MOLE_PROBING_PARALLEL_STREAMS: '1, 2,16',
      MOLE_AWS_INSTANCE_TYPES: 't4g.nano',
      MOLE_MPTCP_ENABLE: 'true',
      MOLE_SCALING_SCALE_UP_THRESHOLD: '90%',
      MOLE_SCALING_SCALE_INTERVAL: '45s',
      MOLE_OPTIMIZATION_BUFFER_SIZES_RMEM_MAX: '128MiB',
      MOLE_OPTIMIZATION_LARGE_MTU: 'null',
      MOLE_TUNNEL_MTU: '',
    })
    expect(loaded.problems).toEqual([])
    expect(loaded.config?.probing.parallel_streams).toEqual([1, 2, 16])
    expect(loaded.config?.aws.instance_types).toEqual(['t4g.nano'])
    expect(loaded.config?.mptcp.enable).toBe(true)
    expect(loaded.config?.scaling).toMatchObject({ scale_up_threshold: 0.9, scale_interval: 45_000 })
    expect(loaded.config?.optimization).toMatchObject({ buffer_sizes: { rmem_max: 134_217_728 }, large_mtu: null })
    expect(saidOf(loaded, 'tunnel.mtu').origin).toBe('default')
  })

  it('is refused by the name of the variable', async () => {
    const { problems, config } = await inEnvironment({ MOLE_TUNNEL_MTU: 'big', MOLE_TUNNEL_MAX_TUNELS: '3' })
    expect(config).toBeNull()
    expect(told(problems)).toEqual(['MOLE_TUNNEL_MTU tunnel.mtu', 'MOLE_TUNNEL_MAX_TUNELS document'])
    expect(problems[1]?.nextStep).toContain('MOLE_TUNNEL_MAX_TUNNELS')
  })

  it('is left out of what a background engine gets, and nothing else is', () => {
    const environment = { MOLE_TUNNEL_MTU: '1300', MOLE_LAB_X: 'y', MOLE_SCREENSHOTS: 'x', HOME: '/root' }
    expect(withoutConfiguration(environment)).toEqual({ MOLE_SCREENSHOTS: 'x', HOME: '/root' })
  })

  it('is not ours where it is called otherwise', async () => {
    expect((await inEnvironment({ MOLE_SCREENSHOTS: 'x', MOLE: 'y', TUNNEL_MTU: 'z' })).problems).toEqual([])
  })
})

describe('what cannot be read', () => {
  it('is not a configuration of the user that is empty: it says nothing', async () => {
    await put('config.yaml', '')
    expect(await load()).toMatchObject({ problems: [] })
  })

  it('is an error that names it', async () => {
    await expect(load({ profile: 'gone' })).rejects.toMatchObject({ code: 'not-found' })
    await expect(load({ file: join(base, 'gone.yaml') })).rejects.toMatchObject({ code: 'not-found' })
    await put('config.yaml', 'tunnel:\n\0')
    await expect(load()).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining('config.yaml') })
  })

  it('is a problem with its place where it is only wrong', async () => {
    const path = await put('config.yaml', 'tunnel:\n  mtu: 1420\n  max_tunels: 3\n')
    const loaded = await load()
    expect(told(loaded.problems)).toEqual([`${path.replace(base, '')}:3:3 tunnel.max_tunels`])
    expect(() => deployableOf(loaded)).toThrowError(/config\.yaml:3:3: tunnel\.max_tunels: /)
  })
})
