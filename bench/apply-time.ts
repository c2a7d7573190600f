import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { HostState } from '../domain/host-state.ts'
import { makeBench } from '../helper/testing/bench.ts'
import { bundle } from '../helper/testing/states.ts'
import { median, printTable } from './statistics.ts'

/**
 * How long the built helper (`npm run build`) takes to make a host as asked, seen by its caller: over its socket, journal on disk, what it did read
 * back from the kernel. In a namespace of its own, with nobody at the far end. `node bench/apply-time.ts [runs]`; the median
 * of 9 runs by default.
 */
const RUNS = Number(process.argv[2] ?? 9)

const dealt = (count: number, changes: Partial<HostState> = {}): HostState =>
  bundle(count, { spread: 'round-robin', ...changes })

const bench = await makeBench(fileURLToPath(new URL('../dist/helper/main.js', import.meta.url)))
const client = await bench
  .startHelper()
  .then((helper) => helper.connect())
  .catch(async (error: unknown) => {
    await bench.close()
    throw error
  })
await client.call('keys.ensure', { names: Array.from({ length: 64 }, (_, at) => `d1-t${at + 1}`) })

/** ms from the call to its answer. */
const apply = async (state: HostState): Promise<number> => {
  const { generation } = await client.call('hello', {})
  const startedAt = performance.now()
  await client.call('apply', { generation, state })
  return performance.now() - startedAt
}

const revert = async (): Promise<number> => {
  const startedAt = performance.now()
  await client.call('revert', {})
  return performance.now() - startedAt
}

const measure = async (runs: number, take: () => Promise<number>): Promise<number[]> => {
  const all: number[] = []
  for (let run = 0; run < runs; run += 1) {
    // A helper is not asked all the time, and is ready again a moment after.
    await pause(300)
    all.push(await take())
  }
  return all
}

const fromNothing = (count: number) => async (): Promise<number> => {
  const took = await apply(dealt(count))
  await revert()
  return took
}

/** One tunnel rests, and carries again. */
const oneChange = (count: number): (() => Promise<number>) => {
  let isResting = false
  return () => {
    isResting = !isResting
    const { active } = dealt(count)
    return apply(dealt(count, { active: isResting ? active.slice(1) : active }))
  }
}

/** The far end of the first tunnel moves, there and back. */
const oneMove = (count: number): (() => Promise<number>) => {
  let isAway = false
  return () => {
    isAway = !isAway
    const [first, ...others] = dealt(count).tunnels
    if (first === undefined) throw new Error('no tunnel')
    const endpoint = { ...first.peer.endpoint, address: isAway ? '203.0.113.77' : first.peer.endpoint.address }
    return apply(dealt(count, { tunnels: [{ ...first, peer: { ...first.peer, endpoint } }, ...others] }))
  }
}

const rows: (readonly (string | number)[])[] = []
const add = (what: string, aim: string, all: readonly number[]): void => {
  rows.push([what, aim, ...[median(all), Math.min(...all), Math.max(...all)].map((ms) => ms.toFixed(0))])
}

try {
  await fromNothing(1)()
  add('8 tunnels from nothing', '120', await measure(RUNS, fromNothing(8)))
  await apply(dealt(8))
  add('nothing to change, 8 tunnels', '', await measure(RUNS, () => apply(dealt(8))))
  add('one tunnel rests, or carries again, of 8', '30', await measure(RUNS, oneChange(8)))
  add('one far end moves, of 8', '30', await measure(RUNS + (RUNS % 2), oneMove(8)))
  await apply(dealt(8))
  add('8 tunnels reverted', '', [await revert()])
  add('64 tunnels from nothing', '1000', await measure(Math.ceil(RUNS / 3), fromNothing(64)))
  await apply(dealt(64))
  add('nothing to change, 64 tunnels', '', await measure(RUNS, () => apply(dealt(64))))
  add('one tunnel rests, or carries again, of 64', '', await measure(RUNS, oneChange(64)))
} finally {
  await bench.close()
  printTable(['what', 'aim, ms', `median of ${RUNS}, ms`, 'min', 'max'], rows)
}
