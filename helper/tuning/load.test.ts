import { beforeEach, describe, expect, it } from 'vitest'
import type { HostLoad } from '../../contract/helper.ts'
import { onlyOptions, Tuning } from '../../domain/tuning.ts'
import type { LinkFacts } from '../observe/facts.ts'
import { makeFakeHost, SERVER } from '../testing/fake-tunable-host.ts'
import { bundle } from '../testing/states.ts'
import { makeHostLoad } from './load.ts'
import { observeTuning, tuningScope } from './observe.ts'
import type { TuningOrigin } from './setting.ts'

const link = (name: string, flavour: LinkFacts['flavour']): LinkFacts => ({
  name,
  flavour,
  mtuBytes: 1420,
  isUp: true,
  addresses: [],
  wireguard: null,
})

const cpu = (core: number, user: number, idle: number): string => `cpu${core} ${user} 0 0 ${idle} 0 0 0 0 0 0`

describe('host.load', () => {
  let nowMs = 0
  let generation = 1
  let looks = 0
  const host = makeFakeHost({ ...SERVER, nodes: [0, 1], governors: null })
  let load: () => Promise<HostLoad>
  const origin: TuningOrigin = {
    option: 'window-scaling',
    setting: { by: 'sysctl', name: 'net.ipv4.tcp_mtu_probing' },
    original: '0',
    ours: '1',
  }
  let desired = bundle(1, { tuning: onlyOptions(Tuning.parse({ governor: 'performance' }), ['governor']) })

  beforeEach(() => {
    nowMs = 0
    looks = 0
    generation = 1
    host.unserve('mole1')
    host.serve('mole1', 'userspace')
    host.meddle('/proc/stat', `${cpu(0, 100, 100)}\n${cpu(1, 0, 200)}\n`)
    load = makeHostLoad({
      system: host.system,
      links: () => [link('mole1', 'userspace'), link('mole2', 'kernel')],
      desired: () => desired,
      known: () => ({ origins: [origin], refusalOf: () => null }),
      observeTuning: async () => {
        looks += 1
        return observeTuning(host.system, tuningScope(desired, [origin]), [])
      },
      generation: () => generation,
      monotonicMs: () => nowMs,
    })
  })

  it('knows no shares at the first look, and those since the last at the next', async () => {
    const first = await load()
    expect(first.cores).toEqual([
      { core: 0, numaNode: 0, busyRatio: null },
      { core: 1, numaNode: 1, busyRatio: null },
    ])
    expect(first.tunnels).toEqual([
      { name: 'mole1', cores: [], coreRatio: null, memoryBytes: 20_480 * 1024 },
      { name: 'mole2', cores: [], coreRatio: null, memoryBytes: null },
    ])
    nowMs = 1000
    host.meddle('/proc/stat', `${cpu(0, 175, 125)}\n${cpu(1, 0, 300)}\n`)
    const stat = host.system.list('/proc').find((entry) => /^[0-9]+$/.test(entry)) ?? ''
    const path = `/proc/${stat}/stat`
    host.meddle(path, (host.system.read(path) ?? '').replace(' 30 20 ', ' 70 30 '))
    const second = await load()
    expect(second.cores.map(({ busyRatio }) => busyRatio)).toEqual([0.75, 0])
    expect(second.tunnels[0]?.coreRatio).toBeCloseTo(0.5)
  })

  it('tells what is set otherwise than it was, and what this host lacks', async () => {
    expect(await load()).toMatchObject({
      tuned: [{ option: 'window-scaling', what: 'net.ipv4.tcp_mtu_probing', was: '0', now: '0' }],
      lacking: [{ option: 'governor', reason: expect.stringContaining('no cpufreq') }],
    })
  })

  it('gives two that ask at the same time one look, and asks cards only now and then, or after a change', async () => {
    const first = await load()
    nowMs = 100
    expect(await load()).toBe(first)
    nowMs = 1000
    expect(await load()).not.toBe(first)
    expect(looks).toBe(1)
    generation = 2
    nowMs = 1050
    await load()
    expect(looks).toBe(2)
    const before = desired
    desired = bundle(1)
    expect((await load()).lacking).toEqual([])
    desired = before
  })
})
