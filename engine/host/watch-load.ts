import type { HostLoad } from '../../contract/helper.ts'
import type { Clock } from '../clock.ts'
import type { HelperClient } from '../cloud/provider.ts'
import type { Log } from '../log.ts'
import { problemOf } from '../problem.ts'

const PERIOD_MS = 1000

const nothing = (atMs: number): HostLoad => ({ atMs, cores: [], tunnels: [], tuned: [], lacking: [] })

/**
 * Load of the host a second, for as long as somebody watches; empty while nothing is up or its helper is away. The
 * helper itself answers two that ask at the same time with one look.
 * @param find the helper of what is up. @throws MoleError where there is none.
 */
export const watchHostLoad = async function* (
  find: () => Promise<HelperClient>,
  clock: Clock,
  log: Log,
  signal: AbortSignal,
): AsyncGenerator<HostLoad, void, void> {
  let isAway = false
  while (!signal.aborted) {
    try {
      const load = await (await find()).call('host.load', {}, { signal })
      isAway = false
      yield load
    } catch (error) {
      if (signal.aborted) return
      if (!isAway) problemOf(error, log)
      isAway = true
      yield nothing(clock.wallMs())
    }
    await clock.sleep(PERIOD_MS, signal)
  }
}
