import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../contract/define.ts'
import type { HelperContract } from '../contract/helper.ts'
import type { HostState } from '../domain/host-state.ts'
import { type Bench, makeBench } from './testing/bench.ts'
import type { RunningHelper } from './testing/running-helper.ts'
import { bundle } from './testing/states.ts'

/* The helper dies, or nobody confirms: what becomes of the host. */

const KEYS = [1, 2, 3, 4].map((slot) => `d1-t${slot}`)

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
  await client.call('keys.ensure', { names: KEYS })
})
afterEach(() => bench.close())

const apply = async (state: HostState, confirmWithinSeconds: number | null = null): Promise<number> => {
  const { generation } = await client.call('hello', {})
  return (await client.call('apply', { generation, state, confirmWithinSeconds })).generation
}

describe('a helper that is killed', () => {
  it('leaves the tunnels up; the next one finds them, and knows them for its own', async () => {
    const before = await bench.snapshot()
    await apply(bundle(3))
    const { state } = await client.call('inspect', {})
    await helper.end('SIGKILL')
    await start()
    expect(await client.call('inspect', {})).toMatchObject({ state, drift: [] })
    const { generation } = await client.call('hello', {})
    expect((await client.call('apply', { generation, state: bundle(3) })).operations).toEqual([])
    await client.call('revert', {})
    expect(await bench.snapshot()).toEqual(before)
  })

  it('at any moment of an apply, leaves a host that is as it was once the next one has started', async () => {
    const empty = await bench.snapshot()
    await apply(bundle(1))
    await client.call('revert', {})
    for (const delayMs of [0, 4, 8, 15, 25, 40, 55, 70, 90, 110, 140, 180]) {
      const cut = apply(bundle(4)).then(
        () => 'done',
        () => 'cut off',
      )
      await sleep(delayMs)
      await helper.end('SIGKILL')
      await cut
      await start()
      const { state } = await client.call('inspect', {})
      // Either it was finished before the blow, or it is undone: never half.
      if (state.tunnels.length === 0) expect(await bench.snapshot(), `killed after ${delayMs} ms`).toEqual(empty)
      else expect((await client.call('plan', { state: bundle(4) })).operations).toEqual([])
      await client.call('revert', {})
      expect(await bench.snapshot(), `reverted after ${delayMs} ms`).toEqual(empty)
    }
  })

  it('at any moment of a revert, has it finished by the next one', async () => {
    const empty = await bench.snapshot()
    for (const delayMs of [2, 8, 20, 40, 70]) {
      await apply(bundle(2))
      const cut = client.call('revert', {}).catch(() => null)
      await sleep(delayMs)
      await helper.end('SIGKILL')
      await cut
      await start()
      const { state } = await client.call('inspect', {})
      // Cut off before it was recorded, it never began.
      if (state.tunnels.length > 0) await client.call('revert', {})
      expect(await bench.snapshot(), `killed after ${delayMs} ms`).toEqual(empty)
    }
  })

  it('is replaced by one that cleans up by labels alone when the journal is lost', async () => {
    const { sysctls: _, ...before } = await bench.snapshot()
    await apply(bundle(3))
    await helper.end('SIGKILL')
    for (const end of ['', '-wal', '-shm']) rmSync(join(bench.directory, `helper.sqlite${end}`), { force: true })
    await start()
    expect((await client.call('inspect', {})).state.tunnels).toHaveLength(3)
    await client.call('revert', {})
    expect(await bench.snapshot()).toMatchObject(before)
  })

  it('cannot be doubled: a second one on the same directory gives way', async () => {
    await expect(bench.startHelper()).rejects.toThrow(/Another helper serves this directory already/)
    expect(await client.call('hello', {})).toMatchObject({ generation: 0 })
    expect(await (await helper.connect()).call('hello', {})).toMatchObject({ generation: 0 })
  })
})

/** Waits for the watched generation to change. */
const nextGeneration = async (after: number): Promise<number> => {
  const signal = AbortSignal.timeout(20_000)
  for await (const event of client.stream('watch', {}, { signal }))
    if (event.kind === 'state' && event.generation !== after) return event.generation
  throw new Error('the generation did not change')
}

describe('a change that wants confirmation', () => {
  it('is undone by itself when none comes', async () => {
    const before = await bench.snapshot()
    const generation = await apply(bundle(2), 5)
    expect(await nextGeneration(generation)).toBe(generation + 1)
    expect(await bench.snapshot()).toEqual(before)
    expect(helper.log()).toMatch(/"event":"roll-back".*not confirmed in time/)
  })

  it('goes back to the state before it, not to nothing', async () => {
    await apply(bundle(2))
    const before = await bench.snapshot()
    const generation = await apply(bundle(1), 5)
    await nextGeneration(generation)
    await sleep(50)
    expect((await client.call('plan', { state: bundle(2) })).operations).toEqual([])
    const names = (shown: unknown): unknown =>
      JSON.stringify(shown)
        .match(/"ifname":"[^"]+"/g)
        ?.toSorted()
    expect(names(await bench.snapshot())).toEqual(names(before))
  })

  it('stays when it is confirmed, which only a fresh connection can', async () => {
    const generation = await apply(bundle(2), 5)
    await expect(client.call('confirm', { generation })).rejects.toMatchObject({ code: 'denied' })
    const fresh = await helper.connect()
    await expect(fresh.call('confirm', { generation: generation - 1 })).rejects.toMatchObject({ code: 'conflict' })
    await fresh.call('confirm', { generation })
    await sleep(5500)
    expect(await client.call('hello', {})).toMatchObject({ generation })
    expect((await client.call('inspect', {})).state.tunnels).toHaveLength(2)
  })

  it('is not confirmed by the connection that made it because another asked for something refused since', async () => {
    const generation = await apply(bundle(2), 5)
    const fresh = await helper.connect()
    const refused = { ...bundle(1), tunnels: bundle(1).tunnels.map((tunnel) => ({ ...tunnel, keyName: 'nobodys' })) }
    await expect(fresh.call('apply', { generation, state: refused })).rejects.toMatchObject({ code: 'bad-input' })
    await expect(client.call('confirm', { generation })).rejects.toMatchObject({ code: 'denied' })
    await fresh.call('confirm', { generation })
  })

  it('is undone by the next helper when its own was killed and the time is over', async () => {
    const before = await bench.snapshot()
    const generation = await apply(bundle(2), 5)
    await helper.end('SIGKILL')
    await sleep(5200)
    await start()
    expect(await client.call('hello', {})).toMatchObject({ generation: generation + 1 })
    expect(await bench.snapshot()).toEqual(before)
  })

  it('keeps its deadline over a restart', async () => {
    const before = await bench.snapshot()
    const generation = await apply(bundle(1), 5)
    await helper.end('SIGKILL')
    await start()
    expect(await client.call('hello', {})).toMatchObject({ generation })
    await nextGeneration(generation)
    expect(await bench.snapshot()).toEqual(before)
  })
})

describe('two writers', () => {
  it('cannot overwrite each other: the second gets a conflict', async () => {
    const other = await helper.connect()
    const attempts = await Promise.allSettled([
      client.call('apply', { generation: 0, state: bundle(1) }),
      other.call('apply', { generation: 0, state: bundle(2) }),
    ])
    expect(attempts.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const refused = attempts.find((attempt) => attempt.status === 'rejected')
    expect(refused?.reason).toMatchObject({ code: 'conflict', data: { field: 'generation' } })
  })
})
