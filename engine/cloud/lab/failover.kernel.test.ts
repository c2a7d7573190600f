import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InterfaceSample } from '../../../contract/helper.ts'
import { type BastionEndpoint, DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import type { HelperClient, Whose } from '../provider.ts'
import { openLab, soon } from './testing/open-lab.ts'

/** Paths that die and come back under a real bundle, with nobody but the helper to see to it. */
const lab = openLab()
const { inside } = lab
const WHOSE: Whose = { id: 'd1', plan: DeploymentPlan.parse({ tunnels: 3, labPathRateBitsPerSecond: 50_000_000 }) }
const BASTION = 'd1-b1'

let helper: HelperClient
let ends: readonly BastionEndpoint[]

beforeAll(async () => {
  helper = await lab.provider.host.ensure(soon())
  ends = await lab.awaitEnds(WHOSE, await lab.launch(helper, WHOSE))
  await lab.apply(helper, WHOSE, ends)
  await awaitVerdicts('up', 'up', 'up')
})
afterAll(lab.close)

/** Waits for a sample in which the tunnels are found so, and gives it. */
const awaitVerdicts = async (...verdicts: InterfaceSample['verdict'][]): Promise<readonly InterfaceSample[]> => {
  let last: readonly InterfaceSample[] = []
  for await (const event of helper.stream('watch', {}, { signal: soon() })) {
    if (event.kind !== 'sample') continue
    last = event.interfaces
    if (last.map(({ verdict }) => verdict).join() === verdicts.join()) return last
  }
  throw new Error(`the stream ended; the last sample was ${JSON.stringify(last)}`)
}

/** What the helper does next by itself. */
const awaitNews = async (): Promise<string> => {
  for await (const event of helper.stream('watch', {}, { signal: soon() })) if (event.kind === 'news') return event.what
  throw new Error('the stream ended')
}

const path = (slot: number, state: 'broken' | 'healthy') => helper.call('lab.path', { id: BASTION, slot, state })
const group = async (): Promise<string> =>
  /group (\S+)/.exec(await inside('ip', 'nexthop', 'get', 'id', '771000'))?.[1] ?? ''
const rules = async (): Promise<string[]> =>
  (await inside('ip', 'rule', 'show')).split('\n').filter((line) => line.includes('fwmark'))

/** Waits until the group has exactly these tunnels. */
const awaitGroup = async (members: string): Promise<void> => {
  for (const until = performance.now() + 20_000; (await group()) !== members; )
    if (performance.now() > until) throw new Error(`the group is ${await group()}, not ${members}`)
}

describe('a path that dies', () => {
  it('leaves the route, also after another apply, and comes back', async () => {
    await awaitGroup('770001/770002/770003')
    expect(await rules()).toHaveLength(3)
    await path(2, 'broken')
    const samples = await awaitVerdicts('up', 'dead', 'up')
    expect(samples.map(({ carries }) => carries)).toEqual([true, false, true])
    await awaitGroup('770001/770003')
    expect(await rules()).toHaveLength(2)
    await lab.apply(helper, WHOSE, ends)
    expect(await group()).toBe('770001/770003')
    expect((await helper.call('inspect', {})).drift).toEqual([])
    expect((await helper.call('lab.fetch', { id: BASTION })).status).toBe(200)
    await path(2, 'healthy')
    await awaitVerdicts('up', 'up', 'up')
    await awaitGroup('770001/770002/770003')
    expect(await rules()).toHaveLength(3)
  })

  it('stays out of the route when the helper is killed, and comes back under the next', async () => {
    await path(1, 'broken')
    await awaitGroup('770002/770003')
    const { pid } = await helper.call('hello', {})
    await inside('kill', '-KILL', String(pid))
    helper = await lab.provider.host.ensure(soon())
    expect(await group()).toBe('770002/770003')
    await awaitVerdicts('dead', 'up', 'up')
    expect(await group()).toBe('770002/770003')
    await path(1, 'healthy')
    await awaitGroup('770001/770002/770003')
  })

  it('stops traffic, and sends it nowhere else, when it is the last', async () => {
    const chain = 'add chain inet watch out { type filter hook postrouting priority 300 ; }'
    const counter = 'add rule inet watch out oifname != "mole*" ip daddr 10.200.0.0/24 counter'
    for (const line of ['add table inet watch', chain, counter]) await inside('nft', line)
    await Promise.all([1, 2, 3].map((slot) => path(slot, 'broken')))
    await awaitVerdicts('dead', 'dead', 'dead')
    await expect(helper.call('lab.fetch', { id: BASTION })).rejects.toThrow()
    expect(await group()).not.toBe('')
    expect(await inside('nft', 'list', 'table', 'inet', 'watch')).toContain('counter packets 0 bytes 0')
    await Promise.all([1, 2, 3].map((slot) => path(slot, 'healthy')))
    await awaitVerdicts('up', 'up', 'up')
    await awaitGroup('770001/770002/770003')
    await inside('nft', 'delete', 'table', 'inet', 'watch')
  })
})

describe('a tunnel whose process dies', () => {
  it('is made again by the helper, which tells of it', async () => {
    const told = awaitNews()
    await inside('ip', 'link', 'delete', 'mole3')
    expect(await told).toBe('tunnel-rebuilt')
    await awaitVerdicts('up', 'up', 'up')
    await awaitGroup('770001/770002/770003')
    expect((await helper.call('inspect', {})).drift).toEqual([])
  })
})

describe('a host that gets another address', () => {
  it('sends from it at once', async () => {
    const move =
      'ip addr del 198.51.100.2/24 dev wan0; ip addr add 198.51.100.7/24 dev wan0; ip route add default via 198.51.100.1'
    const told = awaitNews()
    await inside('sh', '-ec', move)
    expect(await told).toBe('endpoint-renewed')
    await awaitVerdicts('up', 'up', 'up')
    await awaitGroup('770001/770002/770003')
  })
})
