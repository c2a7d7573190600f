import type { HostState } from '../../domain/host-state.ts'
import { interfaceName, slotOfInterface } from '../../domain/ours.ts'
import type { Audit } from '../audit.ts'
import { endpointId } from '../ops/endpoint.ts'
import type { Runner } from '../run.ts'
import type { PathReadings } from '../watch/sampler.ts'
import { adapt, type Change, type Quality, type Standings } from './adapt.ts'

export type AdaptiveParts = {
  readonly runner: Runner
  /** What was last asked for. */
  readonly desired: () => HostState | null
  readonly paths: PathReadings
  readonly audit: Audit
  /** Calls `work` each second; returns what ends it. */
  readonly everySecond?: (work: () => void) => () => void
}

const everySecond = (work: () => void): (() => void) => {
  const timer = setInterval(work, 1000)
  return () => clearInterval(timer)
}

/** Both flags each time: `change` takes away those that are not named (`ip-mptcp(8)`, net/mptcp/pm_netlink.c). */
const lineOf = ({ number, backup }: Change): string =>
  `mptcp endpoint change id ${endpointId(number)} ${backup ? 'backup' : 'nobackup'} fullmesh`

/**
 * While the strategy is `adaptive`, makes tunnels backups for Multipath TCP by their measured quality, and carriers again;
 * under any other all are carriers. Without anybody watching. Returns what ends it.
 */
export const openAdaptive = (parts: AdaptiveParts): (() => void) => {
  const { runner, desired, paths, audit } = parts
  let standings: Standings = new Map()
  let isAdapting = false
  let isBusy = false
  let isFirst = true

  const set = async (changes: readonly Change[]): Promise<void> => {
    if (changes.length === 0) return
    // Forced: an endpoint may have been withdrawn in between.
    await runner.run('ip', ['-force', '-batch', '-'], { input: `${changes.map(lineOf).join('\n')}\n` })
  }

  const change = async (changes: readonly Change[]): Promise<void> => {
    await set(changes)
    for (const { number, backup } of changes)
      audit({ event: backup ? 'mptcp-backup' : 'mptcp-carries', outcome: 'ok', detail: interfaceName(number) })
  }

  const qualities = ({ active }: HostState): Quality[] =>
    active.map((name) => {
      const reading = paths.read(name) ?? { rttMs: null, lossRatio: null, verdict: 'unknown' as const }
      return { number: slotOfInterface(name) ?? 0, ...reading }
    })

  const look = async (): Promise<void> => {
    const state = desired()
    // What a former life of the helper had made a backup: it is judged anew.
    if (isFirst && state?.mptcp != null) await set(qualities(state).map(({ number }) => ({ number, backup: false })))
    isFirst = false
    const adapts = state?.mptcp?.strategy === 'adaptive'
    if (state !== null && adapts) {
      const { standings: next, changes } = adapt(standings, qualities(state))
      standings = next
      await change(changes)
    } else if (isAdapting && state?.mptcp != null) {
      await change([...standings].flatMap(([number, { backup }]) => (backup ? [{ number, backup: false }] : [])))
      standings = new Map()
    }
    isAdapting = adapts
  }

  return (parts.everySecond ?? everySecond)(() => {
    if (isBusy) return
    isBusy = true
    void look()
      .catch((error: unknown) => audit({ event: 'mptcp-adapt', outcome: 'internal', detail: String(error) }))
      .finally(() => {
        isBusy = false
      })
  })
}
