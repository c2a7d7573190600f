import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AppContract, Profiles } from '../contract/app.ts'
import type { Client } from '../contract/define.ts'
import { until } from './testing/fake-world.ts'
import { type Fixture, openFixture, type Panel } from './testing/fixture.ts'

let fixture: Fixture
let panel: Panel
beforeEach(async () => {
  fixture = await openFixture()
  panel = await fixture.start()
})
afterEach(() => fixture.cleanUp())

/** The state of the profiles that `wanted` accepts, as the stream tells it. */
const told = async (client: Client<AppContract>, wanted: (profiles: Profiles) => boolean): Promise<Profiles> => {
  for await (const profiles of client.stream('profiles.watch', {})) if (wanted(profiles)) return profiles
  throw new Error('the stream ended')
}
/** What the activity says of a kind. */
const eventsOf = async (client: Client<AppContract>, wanted: string): Promise<string[]> => {
  for await (const feed of client.stream('activity.watch', {}))
    return feed.kind === 'recent' ? feed.events.flatMap(({ kind, text }) => (kind === wanted ? [text] : [])) : []
  return []
}

describe('connecting a profile', () => {
  it('makes what it asks for, and says by which profile it is up', async () => {
    const text = 'description: Beamline 7\ndeployment:\n  tunnels: 2\ntunnel:\n  mtu: 1400\n'
    await panel.client.call('profiles.create', { name: 'beamline-7', text })
    const before = await told(panel.client, ({ profiles }) => profiles.length === 1)
    expect(before.profiles[0]).toMatchObject({
      name: 'beamline-7',
      description: 'Beamline 7',
      plan: { tunnels: 2, mtuBytes: 1400 },
      problems: [],
      lastConnectedAtMs: null,
    })
    await panel.client.call('deployment.connect', { profile: 'beamline-7' })
    const up = await panel.settled()
    expect(up).toMatchObject({ phase: 'connected', profile: 'beamline-7', plan: { tunnels: 2, mtuBytes: 1400 } })
    const after = await told(panel.client, ({ profiles }) => profiles[0]?.lastConnectedAtMs !== null)
    expect(after.profiles[0]?.lastConnectedAtMs).toBeGreaterThan(0)

    // The next engine remembers it, whatever became of the file.
    const { revision } = await panel.client.call('profiles.read', { name: 'beamline-7' })
    await panel.client.call('profiles.delete', { name: 'beamline-7', revision })
    const next = await fixture.start()
    expect(next.view()).toMatchObject({ phase: 'connected', profile: 'beamline-7' })
    await next.client.call('deployment.teardown', {})
    expect(await next.settled()).toMatchObject({ phase: 'none', profile: null })
  })

  it('is the same for everyone who watches', async () => {
    await panel.client.call('profiles.create', { name: 'two', text: 'deployment:\n  tunnels: 2\n' })
    const [first, second] = await Promise.all([fixture.attach(panel.engine), fixture.attach(panel.engine)])
    await first.client.call('deployment.connect', { profile: 'two' })
    expect(await second.reaches('connected')).toMatchObject({ profile: 'two' })
    await second.client.call('deployment.teardown', {})
    expect(await first.reaches('none')).toMatchObject({ profile: null })
  })

  it('is refused where the profile has a mistake, with its place', async () => {
    await panel.client.call('profiles.create', { name: 'wrong', text: 'deployment:\n  tunnels: 99\n' })
    await expect(panel.client.call('deployment.connect', { profile: 'wrong' })).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(/wrong\.yaml:2:12: deployment\.tunnels: /),
    })
    await expect(panel.client.call('deployment.connect', { profile: 'gone' })).rejects.toMatchObject({
      code: 'not-found',
    })
    expect(panel.view().phase).toBe('none')
  })

  it('is refused while another profile is up, naming that one', async () => {
    await panel.client.call('profiles.create', { name: 'one', text: 'tunnel:\n  mtu: 1400\n' })
    await panel.client.call('profiles.create', { name: 'other', text: 'tunnel:\n  mtu: 1300\n' })
    await panel.client.call('deployment.connect', { profile: 'one' })
    await panel.settled()
    await expect(panel.client.call('deployment.connect', { profile: 'other' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('"one"'),
    })
  })

  it.each(['deployment.connect', 'deployment.deploy'] as const)(
    'says what the profile sets to no effect: %s',
    async (method) => {
      const profile = 'fast'
      await panel.client.call('profiles.create', { name: profile, text: 'optimization:\n  enable_sriov: true\n' })
      const { warnings } = await panel.client.call('deployment.review', { plan: {}, profile })
      expect(warnings.filter((warning) => /"fast".*optimization\.enable_sriov/.test(warning))).toHaveLength(1)
      expect((await panel.client.call('deployment.review', { plan: {} })).warnings.join()).not.toContain('sriov')
      await (method === 'deployment.connect'
        ? panel.client.call(method, { profile })
        : panel.client.call(method, { plan: {}, profile }))
      await panel.settled()
      expect(await eventsOf(panel.client, 'config.not-in-force')).toEqual([
        expect.stringMatching(/"fast".*optimization\.enable_sriov/),
      ])
    },
  )

  it.each([true, false])(
    'says of one click that it does not probe, where the profile asks for that: %s',
    async (asks) => {
      const text = `deployment:\n  auto_optimize: ${asks}\n`
      await panel.client.call('profiles.create', { name: 'fast', text })
      await panel.client.call('deployment.connect', { profile: 'fast' })
      await panel.settled()
      const told = await eventsOf(panel.client, 'config.not-probed')
      expect(told).toEqual(asks ? [expect.stringContaining('"mole connect fast" probes first')] : [])
    },
  )

  it('tells nothing of a connection that was refused', async () => {
    await panel.client.call('profiles.create', { name: 'fast', text: 'extends: dtn\n' })
    await panel.client.call('deployment.deploy', { plan: { mtuBytes: 1300 } })
    await panel.settled()
    await expect(panel.client.call('deployment.connect', { profile: 'fast' })).rejects.toMatchObject({
      code: 'conflict',
    })
    expect(await eventsOf(panel.client, 'config.not-in-force')).toEqual([])
  })

  it('goes on where its use cannot be noted', async () => {
    const full = new DatabaseSync(fixture.paths.database)
    full.exec("CREATE TRIGGER full BEFORE INSERT ON profile_uses BEGIN SELECT RAISE(FAIL, 'disk is full'); END")
    full.close()
    await panel.client.call('profiles.create', { name: 'one', text: 'description: One\n' })
    await panel.client.call('deployment.connect', { profile: 'one' })
    expect(await panel.settled()).toMatchObject({ phase: 'connected', profile: 'one', act: { state: 'done' } })
  })

  it('follows the profile to its new name, also when the next engine finds it', async () => {
    await panel.client.call('profiles.create', { name: 'old', text: 'deployment:\n  tunnels: 2\n' })
    await panel.client.call('deployment.connect', { profile: 'old' })
    await panel.settled()
    await panel.client.call('profiles.rename', { name: 'old', to: 'new' })
    expect(panel.engine.view()).toMatchObject({ phase: 'connected', profile: 'new' })
    const { profiles } = await told(panel.client, () => true)
    expect(profiles).toEqual([expect.objectContaining({ name: 'new', lastConnectedAtMs: expect.any(Number) })])
    const next = await fixture.start()
    expect(next.view()).toMatchObject({ phase: 'connected', profile: 'new' })
    await next.client.call('deployment.connect', { profile: 'new' })
    expect(await next.settled()).toMatchObject({ phase: 'connected', profile: 'new', act: { verb: 'recover' } })
  })

  it('counts what the environment of the engine says, above the profile', async () => {
    await panel.client.call('profiles.create', { name: 'two', text: 'tunnel:\n  mtu: 1400\n' })
    const { client, settled } = await fixture.start({ MOLE_TUNNEL_MTU: '1300' })
    await client.call('deployment.connect', { profile: 'two' })
    expect(await settled()).toMatchObject({ phase: 'connected', plan: { mtuBytes: 1300 } })
  })

  it('keeps the range of the profile when it is scaled', async () => {
    const text = 'tunnel:\n  min_tunnels: 2\n  max_tunnels: 3\ndeployment:\n  tunnels: 2\n'
    await panel.client.call('profiles.create', { name: 'small', text })
    await panel.client.call('deployment.connect', { profile: 'small' })
    await panel.settled()
    for (const tunnels of [1, 4])
      await expect(panel.client.call('deployment.scale', { tunnels })).rejects.toMatchObject({
        code: 'bad-input',
        message: expect.stringContaining('from 2 to 3'),
      })
    await panel.client.call('deployment.scale', { tunnels: 3 })
    expect(await panel.settled()).toMatchObject({ phase: 'connected', profile: 'small', plan: { tunnels: 3 } })
  })
})

describe('telemetry', () => {
  it('of one deployment is not the next one’s, for those who watch too', async () => {
    const feeds: string[] = []
    const follow = async (): Promise<void> => {
      for await (const feed of panel.client.stream('telemetry.watch', {})) feeds.push(feed.kind)
    }
    void follow().catch(() => undefined)
    await panel.client.call('profiles.create', { name: 'two', text: 'deployment:\n  tunnels: 2\n' })
    for (const _ of ['first', 'second']) {
      feeds.length = 0
      await panel.client.call('deployment.connect', { profile: 'two' })
      await panel.settled()
      await until(() => feeds.includes('sample'))
      expect(feeds.indexOf('history')).toBeLessThan(feeds.indexOf('sample'))
      expect(feeds).toContain('history')
      await panel.client.call('deployment.teardown', {})
      await panel.settled()
    }
  })
})

describe('profiles in the contract', () => {
  it('are told at once when a file is written by hand', async () => {
    const directory = join(fixture.paths.config, 'profiles')
    await mkdir(directory, { recursive: true })
    await writeFile(join(directory, 'by-hand.yaml'), 'description: written with an editor\n')
    const { profiles } = await told(panel.client, (state) => state.profiles.length === 1)
    expect(profiles[0]).toMatchObject({ name: 'by-hand', description: 'written with an editor' })
    await rm(directory, { recursive: true })
    await told(panel.client, (state) => state.profiles.length === 0)
  })

  it('let the second of two writers know', async () => {
    const { revision } = await panel.client.call('profiles.create', { name: 'ours', text: 'description: first\n' })
    await panel.client.call('profiles.write', { name: 'ours', text: 'description: second\n', revision })
    await expect(
      panel.client.call('profiles.write', { name: 'ours', text: 'description: third\n', revision }),
    ).rejects.toMatchObject({ code: 'conflict' })
    expect((await panel.client.call('profiles.read', { name: 'ours' })).text).toBe('description: second\n')
  })
})

describe('the configuration in the contract', () => {
  it('is checked without being saved', async () => {
    const text = 'extends: ./gone.yaml\ntunnel:\n  mtu: 1400\n'
    const { problems, plan } = await panel.client.call('config.check', { text, name: 'draft' })
    expect(plan).toBeNull()
    expect(problems).toEqual([expect.objectContaining({ source: 'draft.yaml', key: 'extends' })])
    const good = await panel.client.call('config.check', {
      text: 'extends: dtn\noptimization:\n  enable_sriov: true\n',
      name: 'draft',
    })
    expect(good.plan).toMatchObject({ maxTunnels: 12 })
    expect(good.notInForce).toContain('optimization.enable_sriov')
  })

  it('is shown with the origin of every value', async () => {
    await panel.client.call('profiles.create', { name: 'one', text: 'tunnel:\n  mtu: 1400\n' })
    const { values } = await panel.client.call('config.show', { profile: 'one' })
    expect(values.find(({ path }) => path === 'tunnel.mtu')).toMatchObject({ value: 1400, origin: 'profile' })
    const without = await panel.client.call('config.show', {})
    expect(without.values.find(({ path }) => path === 'tunnel.mtu')).toMatchObject({ value: 1420, origin: 'default' })
  })
})

describe('the tunnels', () => {
  it('are exported without a key, and only when they are up', async () => {
    await expect(panel.client.call('tunnels.export', {})).rejects.toMatchObject({ code: 'not-found' })
    await panel.client.call('profiles.create', { name: 'two', text: 'deployment:\n  tunnels: 2\n' })
    await panel.client.call('deployment.connect', { profile: 'two' })
    await panel.settled()
    const { files } = await panel.client.call('tunnels.export', {})
    expect(files.map(({ name }) => name)).toEqual(['mole1.conf', 'mole2.conf'])
    expect(files.some(({ text }) => /^PrivateKey/m.test(text))).toBe(false)
  })
})
