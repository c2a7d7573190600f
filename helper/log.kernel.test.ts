import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Client } from '../contract/define.ts'
import type { HelperContract } from '../contract/helper.ts'
import { type Bench, makeBench } from './testing/bench.ts'
import { connectHelper, HELPER_COMMAND } from './testing/running-helper.ts'

let bench: Bench
beforeEach(async () => {
  bench = await makeBench()
})
afterEach(() => bench.close())

/** `/dev/full` refuses every write, as a full disk does (`full(4)`). */
const startWithFullLog = async (): Promise<Client<HelperContract>> => {
  const argv = ['-c', 'exec "$@" 2>/dev/full', 'sh', process.execPath, ...HELPER_COMMAND(bench.directory)]
  const child = bench.world.start('sh', argv)
  const until = performance.now() + 20_000
  while (child.exitCode === null && performance.now() < until) {
    const client = await connectHelper(bench.directory).catch(() => null)
    if (client !== null) return client
    await delay(20)
  }
  throw new Error(`the helper does not serve; exit code ${child.exitCode ?? 'none'}`)
}

describe('a helper whose log cannot be written', () => {
  it('serves on: a full disk costs lines of the log, not the helper', async () => {
    const client = await startWithFullLog()
    const first = await client.call('hello', {})
    expect((await client.call('hello', {})).pid).toBe(first.pid)
    client.close()
  })
})
