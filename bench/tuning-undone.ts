import { isDeepStrictEqual } from 'node:util'
import type { HostState } from '../domain/host-state.ts'
import { optionsOf } from '../domain/tuning.ts'
import { makeBench } from '../helper/testing/bench.ts'
import { allTuning, otherCongestion, tunedSnapshot, tunedStates } from '../helper/testing/tuned-bench.ts'
import { median, printTable } from './statistics.ts'

/**
 * Whether a host is as it was after a revert: every option of tuning and of carriage alone, and random combinations, on the
 * real kernel in a namespace of its own. `node bench/tuning-undone.ts [combinations]`; 100 by default. Ends with 1 where
 * anything is left.
 */
const COMBINATIONS = Number(process.argv[2] ?? 100)

const inWords = ({ tuning, spread, mptcp, probe }: HostState): string =>
  [...optionsOf(tuning), spread, ...(mptcp === null ? [] : ['mptcp']), ...(probe === null ? [] : ['probe'])].join(' ')

const bench = await makeBench()
try {
  const client = await (await bench.startHelper()).connect()
  await client.call('keys.ensure', { names: ['d1-t1', 'd1-t2'] })
  const before = await tunedSnapshot(bench)
  const took: { apply: number; revert: number }[] = []
  const left: string[] = []
  for (const state of tunedStates(allTuning(await otherCongestion(bench)), COMBINATIONS)) {
    const { generation } = await client.call('hello', {})
    const startedAt = performance.now()
    await client.call('apply', { generation, state })
    const appliedAt = performance.now()
    const { drift } = await client.call('revert', {})
    took.push({ apply: appliedAt - startedAt, revert: performance.now() - appliedAt })
    if (drift.length > 0 || !isDeepStrictEqual(await tunedSnapshot(bench), before)) left.push(inWords(state))
  }
  printTable(
    ['host as it was', ''],
    [
      ['states tried', String(took.length)],
      ['of them left anything behind', String(left.length)],
      ['apply, median ms', median(took.map(({ apply }) => apply)).toFixed(0)],
      ['revert, median ms', median(took.map(({ revert }) => revert)).toFixed(0)],
    ],
  )
  for (const words of left) process.stdout.write(`left something behind: ${words}\n`)
  process.exitCode = left.length > 0 ? 1 : 0
} finally {
  await bench.close()
}
