import type { HostState } from '../../domain/host-state.ts'
import type { Audit } from '../audit.ts'
import { makeBackoff } from '../recovery/backoff.ts'
import { relayConfigOf } from './config.ts'
import type { RelayKeeper } from './keeper.ts'

export type SupervisorParts = {
  /** Does work in its turn, on what is settled; `null` when nothing is. */
  readonly whenSettled: <T>(work: (desired: HostState) => Promise<T>) => Promise<T | null>
  /** What was last asked for, without a turn. */
  readonly desired: () => HostState | null
  readonly relay: RelayKeeper
  readonly audit: Audit
  readonly nowMs?: () => number
  /** Calls `work` each second; returns what ends it. */
  readonly everySecond?: (work: () => void) => () => void
}

const everySecond = (work: () => void): (() => void) => {
  const timer = setInterval(work, 1000)
  return () => clearInterval(timer)
}

/**
 * Starts the relay's process again when it has ended. Connections are led to it as long as nobody takes that away, and would
 * be refused: so, first of all, they go directly again, each by one tunnel. Returns what ends it.
 */
export const superviseRelay = (parts: SupervisorParts): (() => void) => {
  const { whenSettled, desired, relay, audit, nowMs = () => performance.now() } = parts
  const backoff = makeBackoff()
  /** When it is to be started, after it was found ended. */
  let dueMs: number | null = null
  let isBusy = false

  const mend = async (state: HostState): Promise<void> => {
    const wanted = relayConfigOf(state)
    if (wanted === null || relay.isRunning()) return
    if (dueMs === null) {
      await relay.end()
      dueMs = nowMs() + backoff.next(nowMs())
    }
    if (nowMs() < dueMs) return
    dueMs = null
    await relay.make(wanted)
    audit({ event: 'relay-restarted', outcome: 'ok' })
  }

  const look = async (): Promise<void> => {
    const state = desired()
    if (state === null || relayConfigOf(state) === null || nowMs() < (dueMs ?? 0) || relay.isRunning()) return
    await whenSettled(mend)
  }

  return (parts.everySecond ?? everySecond)(() => {
    if (isBusy) return
    isBusy = true
    void look()
      .catch((error: unknown) => audit({ event: 'relay-restarted', outcome: 'internal', detail: String(error) }))
      .finally(() => {
        isBusy = false
      })
  })
}
