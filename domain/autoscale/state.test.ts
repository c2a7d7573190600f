import { expect, it } from 'vitest'
import { beginAutoscale, LONGEST_PAUSE_MS, type Memory } from './state.ts'

const memoryOf = (atMs: number): Memory => ({
  tunnels: 2,
  changedAtMs: atMs,
  full: { bitsPerSecond: 1e8, atMs },
  most: { bitsPerSecond: 1e8, atMs },
  trial: { from: 1, to: 2, atMs, sinceMs: atMs, beforeBitsPerSecond: 1e8, isPressed: true },
  block: { bitsPerSecond: 1e8, flows: 1, carriage: '', untilMs: atMs + 1000 },
  failures: 1,
})

it('a clock that was set back by years between two engines leaves nothing waiting for as long', () => {
  const { memory } = beginAutoscale(memoryOf(1e12), 1e9)
  expect([memory.changedAtMs, memory.full?.atMs, memory.most?.atMs, memory.trial?.sinceMs]).toEqual(Array(4).fill(1e9))
  expect(memory.block?.untilMs).toBe(1e9 + LONGEST_PAUSE_MS)
})

it('what is past is left as it was', () => {
  expect(beginAutoscale(memoryOf(1e9), 1e9 + 5).memory).toEqual(memoryOf(1e9))
})
