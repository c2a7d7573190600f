import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import type { TrafficEvent } from '../../../contract/helper.ts'
import { type BastionEndpoint, DeploymentPlan, slotsOfBastion } from '../../../domain/tunnel-plan.ts'
import type { HelperClient, ObservedBastion } from '../provider.ts'
import { argumentsOf, findProcesses, identityOf } from './processes.ts'
import { labProvider } from './provider.ts'
import { aMoment, openLab, soon, until } from './testing/open-lab.ts'
import { findWorld } from './world-file.ts'

/**
 * The lab as a cloud, with the real helper, real tunnels and real traffic, in namespaces of the user's own. Paths are
 * slow (20 Mbit/s), so that what the tests compare does not depend on how busy the machine is.
 */
const lab = openLab()
const { base, directory, provider, inside, launch, awaitEnds } = lab
const plan = DeploymentPlan.parse({ tunnels: 4, labPathRateBitsPerSecond: 20_000_000 })
const SLOTS = slotsOfBastion(1)
const D1 = { id: 'd1', plan }

/** What is there of a deployment. */
const statesOf = async (id: string): Promise<unknown> =>
  (await provider.observe({ id, plan })).bastions.map((each) => ({ id: each.id, state: each.state }))

const take = async (id: string): Promise<void> => provider.remove({ id, plan }, () => undefined, soon())

const traffic = async (
  helper: HelperClient,
  streams: number,
  direction: 'upload' | 'download',
): Promise<Extract<z.infer<typeof TrafficEvent>, { kind: 'report' }>> => {
  const request = { bastionId: 'd1-b1', streams, durationSeconds: 3, direction }
  for await (const event of helper.stream('lab.traffic', request)) if (event.kind === 'report') return event
  throw new Error('iperf3 gave no report')
}

/** Waits for the first sample in which every tunnel is as wished. */
const awaitSample = async (
  helper: HelperClient,
  isAsWished: (rttMs: number | null, name: string) => boolean,
): Promise<void> => {
  for await (const event of helper.stream('watch', {}, { signal: soon() })) {
    if (event.kind !== 'sample' || event.interfaces.length < plan.tunnels) continue
    if (event.interfaces.every(({ rttMs, name }) => isAsWished(rttMs, name))) return
  }
  throw new Error('the stream of samples ended')
}

/** Processes of the world that run `program`. */
const running = async (program: string): Promise<number[]> => {
  const world = await findWorld(directory)
  const namespace = await identityOf(`/proc/${world?.pid}/ns/user`)
  return findProcesses(
    async (pid) =>
      (await identityOf(`/proc/${pid}/ns/user`)) === namespace &&
      basename((await argumentsOf(pid))[0] ?? '') === program,
  )
}

const awaitIperfs = async (count: number): Promise<void> => {
  const until = performance.now() + 5000
  while ((await running('iperf3')).length !== count && performance.now() < until) await aMoment()
  expect(await running('iperf3')).toHaveLength(count)
}

const onBastion = (...command: string[]): Promise<string> => lab.onBastion(1, ...command)

const bastionState = async (): Promise<string> =>
  [
    await onBastion('wg', 'show', 'all', 'public-key'),
    await onBastion('wg', 'show', 'all', 'allowed-ips'),
    await onBastion('ip', 'rule', 'show'),
    await onBastion('ip', 'route', 'show', 'table', 'all'),
    (await onBastion('nft', '--stateless', 'list', 'ruleset')).replaceAll(/ # handle \d+/g, ''),
    await onBastion('ip', '-brief', 'address', 'show'),
  ].join('\n---\n')

describe('the lab as a cloud', () => {
  let helper: HelperClient
  let bastion: ObservedBastion
  let ends: readonly BastionEndpoint[]

  beforeAll(async () => {
    helper = await provider.host.ensure(soon())
    bastion = await launch(helper, D1)
    ends = await awaitEnds(D1, bastion)
    await lab.apply(helper, D1, ends)
  })
  afterAll(lab.close)

  it('has no problem here', async () => {
    expect(await provider.problem()).toBeNull()
  })

  it('boots a bastion that publishes the key of every slot', async () => {
    expect(ends.map(({ slot }) => slot)).toEqual(SLOTS)
    expect(new Set(ends.map(({ publicKey }) => publicKey)).size).toBe(SLOTS.length)
    expect(ends.every(({ address }) => address === bastion.publicAddress)).toBe(true)
    expect(await statesOf('d1')).toEqual([{ id: 'd1-b1', state: 'running' }])
    expect(await statesOf('another')).toEqual([])
  })

  it('adopts the bastion that is there when it is launched again', async () => {
    expect(await launch(helper, D1)).toMatchObject({ id: 'd1-b1', state: 'running' })
    expect(await awaitEnds(D1, bastion)).toEqual(ends)
  })

  it('is asked over one connection, however many questions come at once', async () => {
    const connections = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'PipeWrap').length
    const another = labProvider({ directory })
    const before = connections()
    await Promise.all([another.observe(D1), another.observe(D1), another.publishedEnds(D1, bastion)])
    expect(connections()).toBe(before + 1)
  })

  it('carries an application’s request through the tunnels', async () => {
    const bytes = async (): Promise<number> =>
      Number(
        (await inside('cat', '/proc/net/dev'))
          .match(/mole\d+: +(\d+)/g)
          ?.reduce((sum, text) => sum + Number(text.split(/: +/)[1]), 0),
      )
    const before = await bytes()
    const answer = await helper.call('lab.fetch', { id: 'd1-b1' })
    expect(answer.status).toBe(200)
    expect((await bytes()) - before).toBeGreaterThan(answer.bytes)
  })

  it('sends every tunnel’s echo back, loses it on a broken path, and finds it again on a healed one', async () => {
    await awaitSample(helper, (rttMs) => rttMs !== null)
    const path = { id: 'd1-b1', slot: 2 }
    expect((await helper.call('lab.path', { ...path, state: 'broken' })).brokenSlots).toEqual([2])
    expect((await helper.call('lab.path', { ...path, state: 'broken' })).brokenSlots).toEqual([2])
    await awaitSample(helper, (rttMs, name) => (rttMs === null) === (name === 'mole2'))
    expect((await helper.call('lab.path', { ...path, state: 'healthy' })).brokenSlots).toEqual([])
    expect((await helper.call('lab.path', { ...path, state: 'healthy' })).brokenSlots).toEqual([])
    await awaitSample(helper, (rttMs) => rttMs !== null)
    await expect(helper.call('lab.path', { id: 'd1-b1', slot: 9, state: 'broken' })).rejects.toMatchObject({
      code: 'bad-input',
    })
  })

  it('carries 8 streams over 4 tunnels at more than 2.5 times what one carries', async () => {
    const one = await traffic(helper, 1, 'upload')
    const eight = await traffic(helper, 8, 'upload')
    expect(eight.tool).toContain('8 TCP streams in one process, one tunnel after the other')
    expect(one.bitsPerSecond).toBeLessThan(plan.labPathRateBitsPerSecond)
    expect(eight.bitsPerSecond / one.bitsPerSecond).toBeGreaterThan(2.5)
    const back = await traffic(helper, 8, 'download')
    expect(back.bitsPerSecond / one.bitsPerSecond).toBeGreaterThan(2.5)
  })

  it('runs two tests at once, and ends iperf3 when nobody listens any more', async () => {
    const reports = await Promise.all([traffic(helper, 1, 'upload'), traffic(helper, 2, 'download')])
    expect(reports.every(({ bytes }) => bytes > 0)).toBe(true)
    const request = { bastionId: 'd1-b1', streams: 2, durationSeconds: 600, direction: 'upload' as const }
    for await (const event of helper.stream('lab.traffic', request)) if (event.kind === 'interval') break
    // One server stays for the life of the private subnet.
    await awaitIperfs(1)
  })

  it('leaves a bastion as it is when its boot script runs again', async () => {
    const before = await bastionState()
    expect(before).toContain('fwmark 0x8 lookup 7208')
    await onBastion('/bin/sh', '/boot.sh')
    expect(await bastionState()).toBe(before)
    expect((await helper.call('lab.fetch', { id: 'd1-b1' })).status).toBe(200)
  })

  it('keeps tunnels and bastions while the helper dies and another takes over', async () => {
    const { pid } = await helper.call('hello', {})
    const inner = (await inside('cat', `/proc/${pid}/comm`)).trim()
    expect(inner).not.toBe('')
    const world = await findWorld(directory)
    const request = { bastionId: 'd1-b1', streams: 2, durationSeconds: 600, direction: 'upload' as const }
    const load = helper.stream('lab.traffic', request)[Symbol.asyncIterator]()
    expect((await load.next()).value).toMatchObject({ kind: 'started' })
    await inside('kill', '-KILL', String(pid))
    await helper.closed
    await expect(load.next()).rejects.toMatchObject({ code: 'disconnected' })
    // Nobody could end them any more.
    await awaitIperfs(1)
    expect(await provider.host.find()).toBeNull()
    helper = await provider.host.ensure(soon())
    expect((await findWorld(directory))?.pid).toBe(world?.pid)
    expect(await statesOf('d1')).toEqual([{ id: 'd1-b1', state: 'running' }])
    expect((await helper.call('lab.fetch', { id: 'd1-b1' })).status).toBe(200)
    expect(await provider.publishedEnds(D1, bastion)).toEqual(ends)
  })

  it('boots a second bastion beside the first, and terminates it alone', async () => {
    const d2 = { id: 'd2', plan: { ...plan, privateCidr: '10.201.0.0/24' } }
    const second = await launch(helper, d2)
    await awaitEnds(d2, second)
    expect(second.publicAddress).not.toBe(bastion.publicAddress)
    const processes = (await running('wireguard-go')).length
    await take('d2')
    expect(await statesOf('d2')).toEqual([])
    if (processes > 0) expect((await running('wireguard-go')).length).toBe(processes - SLOTS.length)
    const namespaces = (await inside('ip', 'netns', 'list')).trim().split('\n')
    expect(new Set(namespaces.map((line) => line.split(' ')[0]))).toEqual(new Set(['bastion1', 'inet', 'private1']))
    expect((await helper.call('lab.fetch', { id: 'd1-b1' })).status).toBe(200)
  })

  it('keeps a boot script away from this machine’s files', async () => {
    const target = join(base, 'from-the-bastion')
    const bootScript = `for file in /usr/mole-test /usr/bin/mole-test /proc/sys/kernel/domainname ${target}; do
        if ( echo x >"$file" ) 2>/dev/null; then echo "wrote $file"; fi
      done
      for folder in /home ${directory}; do if [ -e "$folder" ]; then echo "sees $folder"; fi; done
      echo 1 >/proc/sys/net/ipv4/ip_forward && echo "own network"
      echo "mole-bastion-ready v1 slots=1"\n`
    const request = {
      id: 'probe',
      deploymentId: 'd3',
      bootScript,
      privateCidr: '10.202.0.0/24',
      slots: 1,
      firstPort: 51_821,
      pathRateBitsPerSecond: 1_000_000,
    }
    await helper.call('lab.launch', request)
    expect(await lab.awaitConsole(helper, 'probe', 'ready')).toBe('own network\nmole-bastion-ready v1 slots=1\n')
    await helper.call('lab.terminate', { id: 'probe' })
  })

  it('tells of a boot that failed, with its last words', async () => {
    const bootScript = 'echo out of luck >&2; exit 3\n'
    const request = {
      id: 'failing',
      deploymentId: 'd4',
      bootScript,
      privateCidr: '10.203.0.0/24',
      slots: 1,
      firstPort: 51_821,
      pathRateBitsPerSecond: 1_000_000,
    }
    await helper.call('lab.launch', request)
    const d4 = { id: 'd4', plan }
    const [failed] = await until(
      async () => (await provider.observe(d4)).bastions,
      ([each]) => each?.state !== 'booting',
    )
    expect(failed?.state).toBe('failed')
    await expect(provider.publishedEnds(d4, failed as ObservedBastion)).rejects.toMatchObject({
      data: { meaning: expect.stringContaining('out of luck') },
    })
    await take('d4')
    expect(await statesOf('d4')).toEqual([])
  })

  it('is gone without a trace', async () => {
    const namespace = await identityOf(`/proc/${(await findWorld(directory))?.pid}/ns/user`)
    await take('d1')
    await take('d1')
    expect(await statesOf('d1')).toEqual([])
    expect(await running('iperf3')).toEqual([])
    await provider.host.remove()
    expect(await provider.leftovers(D1)).toEqual([])
    expect(await statesOf('d1')).toEqual([])
    expect(await findProcesses(async (pid) => (await identityOf(`/proc/${pid}/ns/user`)) === namespace)).toEqual([])
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(base)
  })
})
