import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../../contract/define.ts'
import type { HelperContract } from '../../contract/helper.ts'
import type { HostState } from '../../domain/host-state.ts'
import { NO_TUNING, onlyOptions } from '../../domain/tuning.ts'
import { type Bench, makeBench } from '../testing/bench.ts'
import type { RunningHelper } from '../testing/running-helper.ts'
import { bundle } from '../testing/states.ts'
import { allTuning, otherCongestion, tunedSnapshot, tunedStates } from '../testing/tuned-bench.ts'

/* Tuning on the real kernel, as far as a namespace has it: TCP's parameters, threads of wireguard-go, a veth's features and MTU. */

/** `bench/tuning-undone.ts` tries a hundred. */
const COMBINATIONS = 8

let bench: Bench
let helper: RunningHelper
let client: Client<HelperContract>

const start = async (): Promise<void> => {
  helper = await bench.startHelper()
  client = await helper.connect()
}

beforeEach(async () => {
  bench = await makeBench()
  await start()
  await client.call('keys.ensure', { names: [1, 2].map((slot) => `d1-t${slot}`) })
})
afterEach(() => bench.close())

const apply = async (state: HostState): Promise<string[]> => {
  const { generation } = await client.call('hello', {})
  return (await client.call('apply', { generation, state })).operations.map(({ text }) => text)
}

describe('tuning, on the real kernel', () => {
  it('alone and in combinations is reached, is reached again without an operation, and is all gone after a revert', async () => {
    const before = await tunedSnapshot(bench)
    for (const state of tunedStates(allTuning(await otherCongestion(bench)), COMBINATIONS)) {
      await apply(state)
      expect(await apply(state)).toEqual([])
      const { drift } = await client.call('revert', {})
      expect([drift, await tunedSnapshot(bench)], JSON.stringify(state)).toEqual([[], before])
    }
  })

  it('is what the kernel says it is, and the helper tells so', async () => {
    const congestion = await otherCongestion(bench)
    await apply(bundle(1, { tuning: allTuning(congestion) }))
    const { tunnels, tuned, lacking, cores } = await client.call('host.load', {})
    const [work] = tunnels
    const pid = (await bench.world.run('pgrep', ['-f', 'wireguard-go mole1$'])).trim()
    const affinity = await bench.world.run('taskset', ['-a', '-p', '-c', pid])
    const lists = new Set([...affinity.matchAll(/affinity list: (\S+)/g)].map(([, list]) => list))
    // With a single core, or with all of them, every core is its own.
    if (work !== undefined && work.cores.length > 0) expect([...lists]).toEqual([work.cores.join(',')])
    expect(work).toMatchObject({ name: 'mole1', coreRatio: null, memoryBytes: expect.any(Number) })
    expect(cores.length).toBeGreaterThan(0)
    expect((await bench.world.run('cat', ['/proc/sys/net/ipv4/tcp_congestion_control'])).trim()).toBe(congestion)
    expect(await bench.world.run('cat', ['/sys/class/net/wan0/mtu'])).toBe('9000\n')
    expect(tuned).toContainEqual({ option: 'nic-mtu', what: 'MTU of wan0', was: '1500', now: '9000' })
    // Of the whole machine's settings a namespace may change none.
    expect(lacking).toContainEqual({ option: 'buffers', reason: expect.stringContaining('net.core.rmem_max') })
    expect(lacking).toContainEqual({ option: 'nic-rings', reason: expect.stringContaining('wan0') })
  })

  it('pins each tunnel to a core of its own, and one made anew as well', async () => {
    const online = (await bench.world.run('nproc', [])).trim()
    const state = bundle(Math.min(2, Number(online)), {
      tuning: onlyOptions(allTuning('reno'), ['pinning']),
    })
    const coresOf = async (): Promise<string[]> => {
      const { tunnels } = await client.call('host.load', {})
      return tunnels.map(({ cores }) => cores.join())
    }
    await apply(state)
    const pinned = await coresOf()
    if (state.tunnels.length === 2) expect(new Set(pinned).size).toBe(2)
    await bench.world.run('sh', ['-c', 'kill -9 $(pgrep -f "wireguard-go mole1$")'])
    await apply(state)
    expect(await coresOf()).toEqual(pinned)
  })

  it('is taken back by the next helper when this one was killed, also in the middle', async () => {
    const before = await tunedSnapshot(bench)
    const state = bundle(1, { tuning: allTuning(await otherCongestion(bench)) })
    await apply(state)
    for (const delayMs of [0, 40]) {
      await helper.end('SIGKILL')
      await start()
      const { generation } = await client.call('hello', {})
      const cut = client.call('apply', { generation, state: { ...state, tuning: NO_TUNING } }).catch(() => null)
      await Promise.race([cut, new Promise((resolve) => setTimeout(resolve, delayMs))])
      await helper.end('SIGKILL')
      await cut
      await start()
      await apply(state)
    }
    await helper.end('SIGKILL')
    await start()
    expect((await client.call('revert', {})).drift).toEqual([])
    expect(await tunedSnapshot(bench)).toEqual(before)
  })

  it('leaves what somebody else has changed since, and says so', async () => {
    await apply(bundle(1, { tuning: onlyOptions(allTuning('reno'), ['window-scaling', 'nic-mtu']) }))
    await bench.world.run('ip', ['link', 'set', 'dev', 'wan0', 'mtu', '4000'])
    const { drift } = await client.call('revert', {})
    expect(drift).toEqual([expect.stringMatching(/^MTU of wan0: 4000 now; Cloud Mole had set it to 9000/)])
    expect(await bench.world.run('cat', ['/sys/class/net/wan0/mtu'])).toBe('4000\n')
    expect(await bench.world.run('cat', ['/proc/sys/net/ipv4/tcp_mtu_probing'])).toBe('0\n')
  })
})
