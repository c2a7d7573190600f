import { describe, expect, it } from 'vitest'
import type { Runner, RunResult } from '../run.ts'
import { makeNetwork } from './network.ts'
import type { BastionRecord } from './record.ts'

const RECORD: BastionRecord = {
  version: 2,
  index: 1,
  id: 'b1',
  deploymentId: 'd1',
  privateCidr: '10.200.0.0/24',
  network: 1,
  seat: 1,
  firstSlot: 1,
  slots: 2,
  firstPort: 51_821,
  pathRateBitsPerSecond: 1_000_000,
  stage: 'making',
  boot: null,
  brokenSlots: [],
  conditions: [],
}

/** Shaping is refused at once; entering a namespace takes a while. */
const makeRunner = (): { readonly runner: Runner; readonly begun: () => number } => {
  let begun = 0
  const run = async (program: string): Promise<RunResult> => {
    if (program === 'tc') return { code: 1, stdout: '', stderr: 'RTNETLINK answers: No such file' }
    begun += 1
    if (program === 'nsenter') await new Promise((resolve) => setTimeout(resolve, 30))
    begun -= 1
    return { code: 0, stdout: '', stderr: '' }
  }
  const start = (): never => undefined as never
  return { runner: { pathOf: (program) => `/usr/bin/${program}`, start, run }, begun: () => begun }
}

describe('making the lab’s network', () => {
  it('gives up only when all it began has ended: what undoes it must not meet a straggler', async () => {
    const { runner, begun } = makeRunner()
    await expect(makeNetwork(runner, RECORD, async () => undefined)).rejects.toMatchObject({
      code: 'not-available',
      message: expect.stringContaining('shaping'),
    })
    expect(begun()).toBe(0)
  })
})
