import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BastionEndpoint, DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import type { HelperClient, ObservedBastion, Whose } from '../provider.ts'
import { openLab, soon } from './testing/open-lab.ts'

/** Two bastions of one deployment before one research resource: real tunnels, real traffic. */
const lab = openLab()
const { provider, inside, launch, awaitEnds } = lab
const WHOSE: Whose = {
  id: 'd1',
  plan: DeploymentPlan.parse({
    tunnels: 4,
    bastions: 2,
    labPathRateBitsPerSecond: 20_000_000,
    carriage: { spread: 'hash' },
  }),
}

const namespaces = async (): Promise<string[]> =>
  (await inside('ip', 'netns', 'list'))
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .sort()

/** Tells one namespace from a later one of the same name. */
const identityOf = async (namespace: string): Promise<string> =>
  (await inside('stat', '--dereference', '--format=%i', `/run/netns/${namespace}`)).trim()

/** Bytes a bastion has sent into the private network. */
const bytesInto = async (index: number): Promise<number> =>
  Number((await lab.onBastion(index, 'cat', '/sys/class/net/eth1/statistics/tx_bytes')).trim())

/** Waits for the first sample in which exactly the tunnels `silent` get no echo back. */
const awaitSilent = async (helper: HelperClient, ...silent: string[]): Promise<void> => {
  for await (const event of helper.stream('watch', {}, { signal: soon() })) {
    if (event.kind !== 'sample' || event.interfaces.length === 0) continue
    const found = event.interfaces.filter(({ rttMs }) => rttMs === null).map(({ name }) => name)
    if (found.join() === silent.join()) return
  }
  throw new Error('the stream of samples ended')
}

const fetchBy = async (helper: HelperClient, id: string): Promise<number> =>
  (await helper.call('lab.fetch', { id })).status

const take = (ids: string[]): Promise<void> => provider.terminate(WHOSE, ids, () => undefined, soon())

describe('several bastions of one deployment', () => {
  let helper: HelperClient
  let bastions: ObservedBastion[]
  let ends: (readonly BastionEndpoint[])[]

  beforeAll(async () => {
    helper = await provider.host.ensure(soon())
    bastions = [await launch(helper, WHOSE, 1), await launch(helper, WHOSE, 2)]
    ends = await Promise.all(bastions.map((each) => awaitEnds(WHOSE, each)))
    await lab.apply(helper, WHOSE, ends.flat())
  })
  afterAll(lab.close)

  it('have slots and addresses of their own, and the same ports', async () => {
    expect(ends.map((each) => each.map(({ slot }) => slot))).toEqual([
      [1, 2, 3, 4, 5, 6, 7, 8],
      [9, 10, 11, 12, 13, 14, 15, 16],
    ])
    expect(ends[1]?.map(({ port }) => port)).toEqual(ends[0]?.map(({ port }) => port))
    expect(new Set(ends.flat().map(({ publicKey }) => publicKey)).size).toBe(16)
    expect(new Set(bastions.map(({ publicAddress }) => publicAddress)).size).toBe(2)
  })

  it('share one private network and its resource', async () => {
    expect(await namespaces()).toEqual(['bastion1', 'bastion2', 'inet', 'private1'])
    expect(new Set(bastions.map(({ resourceAddress }) => resourceAddress))).toEqual(new Set(['10.200.0.10']))
    const addresses = await Promise.all([1, 2].map((index) => lab.onBastion(index, 'ip', '-br', '-4', 'addr')))
    expect(addresses[0]).toMatch(/^eth1\S* +UP +10\.200\.0\.1\/24/m)
    expect(addresses[1]).toMatch(/^eth1\S* +UP +10\.200\.0\.2\/24/m)
  })

  it('carry traffic to the one resource together', async () => {
    await awaitSilent(helper)
    const before = [await bytesInto(1), await bytesInto(2)]
    const request = { bastionId: 'd1-b1', streams: 8, durationSeconds: 2, direction: 'upload' as const }
    let tool = ''
    for await (const event of helper.stream('lab.traffic', request)) if (event.kind === 'report') ({ tool } = event)
    expect(tool).toMatch(/mole1: 2, mole2: 2, mole9: 2, mole10: 2/)
    const after = [await bytesInto(1), await bytesInto(2)]
    const carried = after.map((bytes, at) => bytes - (before[at] ?? 0))
    expect(Math.min(...carried) / Math.max(...carried)).toBeGreaterThan(0.5)
  })

  it('have paths that are broken and healed by the number of the slot', async () => {
    const path = { id: 'd1-b2', slot: 9 }
    expect((await helper.call('lab.path', { ...path, state: 'broken' })).brokenSlots).toEqual([9])
    await awaitSilent(helper, 'mole9')
    expect((await helper.call('lab.path', { ...path, state: 'healthy' })).brokenSlots).toEqual([])
    await awaitSilent(helper)
    await expect(helper.call('lab.path', { id: 'd1-b2', slot: 1, state: 'broken' })).rejects.toMatchObject({
      code: 'bad-input',
      data: { nextStep: 'Name a tunnel from 9 to 16.' },
    })
  })

  it('leave another deployment’s private network alone, and it theirs', async () => {
    const other: Whose = { id: 'd2', plan: DeploymentPlan.parse({ privateCidr: '10.201.0.0/24' }) }
    const known = await identityOf('private1')
    await awaitEnds(other, await launch(helper, other))
    expect(await namespaces()).toEqual(['bastion1', 'bastion2', 'bastion3', 'inet', 'private1', 'private2'])
    expect(await inside('ip', '-n', 'private2', '-br', 'addr')).toContain('10.201.0.10')
    await provider.remove(other, () => undefined, soon())
    expect(await namespaces()).toEqual(['bastion1', 'bastion2', 'inet', 'private1'])
    expect(await identityOf('private1')).toBe(known)
  })

  it('go on without one of them, and take its place again', async () => {
    const known = await identityOf('private1')
    await take(['d1-b1'])
    expect(await namespaces()).toEqual(['bastion2', 'inet', 'private1'])
    expect(await identityOf('private1')).toBe(known)
    await lab.apply(helper, WHOSE, ends[1] ?? [])
    expect(await fetchBy(helper, 'd1-b2')).toBe(200)

    const first = await launch(helper, WHOSE, 1)
    const newEnds = await awaitEnds(WHOSE, first)
    expect(newEnds).not.toEqual(ends[0])
    await take(['d1-b2'])
    await lab.apply(helper, WHOSE, newEnds)
    expect(await fetchBy(helper, 'd1-b1')).toBe(200)
    await take(['d1-b1'])
    expect(await namespaces()).toEqual(['inet'])
  })

  it.each([5, 15, 25, 35, 50, 80])(
    'are made whole when the helper was killed %i ms into making them',
    async (delayMs) => {
      const { pid } = await helper.call('hello', {})
      const launching = Promise.allSettled([launch(helper, WHOSE, 1), launch(helper, WHOSE, 2)])
      await new Promise((resolve) => setTimeout(resolve, delayMs))
      await inside('kill', '-KILL', String(pid))
      await launching
      helper = await provider.host.ensure(soon())
      // The other one first: what it shares with the first may be half made.
      const made = [await launch(helper, WHOSE, 2), await launch(helper, WHOSE, 1)]
      const found = await Promise.all(made.map((each) => awaitEnds(WHOSE, each)))
      const names = await namespaces()
      expect(names.filter((name) => name.startsWith('private'))).toHaveLength(1)
      expect(names.filter((name) => name.startsWith('bastion'))).toHaveLength(2)
      for (const [at, id] of ['d1-b2', 'd1-b1'].entries()) {
        await lab.apply(helper, WHOSE, found[at] ?? [])
        expect(await fetchBy(helper, id)).toBe(200)
      }
      await take(['d1-b1', 'd1-b2'])
      expect(await namespaces()).toEqual(['inet'])
    },
  )
})
