import { MoleError } from '../../contract/errors.ts'
import type { HostState } from '../../domain/host-state.ts'
import type { Audit } from '../audit.ts'
import type { Served } from '../observe/served.ts'
import type { WatchNews } from '../watch/watch.ts'
import { makeBackoff } from './backoff.ts'

/** Makes tunnels again that have gone, and tells WireGuard when this host has moved. */
export type Recovery = {
  /** A tunnel may have gone. */
  readonly suspect: () => void
  /** This host's addresses or its way out are other ones. */
  readonly moved: () => void
  readonly close: () => void
}

export type RecoveryParts = {
  /** Does work in its turn, on what is settled; `null` when nothing is. */
  readonly whenSettled: <T>(work: (desired: HostState) => Promise<T>) => Promise<T | null>
  /** Looks for what is there, as cheaply as can be. */
  readonly observe: () => Promise<Served>
  readonly apply: (desired: HostState) => Promise<unknown>
  readonly renew: (desired: HostState) => Promise<readonly string[]>
  readonly audit: Audit
  readonly tell: (news: Omit<WatchNews, 'kind' | 'atMs'>) => void
  readonly nowMs: () => number
}

/** What comes in a burst is looked at once. */
const GATHER_MS = 20

/** Tunnels that are asked for and whose interface, or whose process, is not there. Pure. */
export const missingTunnels = (desired: HostState, { links }: Served): string[] =>
  desired.tunnels.map(({ name }) => name).filter((name) => links.find((link) => link.name === name)?.wireguard == null)

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

export const makeRecovery = (parts: RecoveryParts): Recovery => {
  const { whenSettled, observe, apply, renew, audit, tell, nowMs } = parts
  const backoff = makeBackoff()
  const timers: Record<'look' | 'rebuild' | 'renew', NodeJS.Timeout | null> = { look: null, rebuild: null, renew: null }

  const soon = (what: keyof typeof timers, afterMs: number, work: () => Promise<void>): void => {
    timers[what] ??= setTimeout(() => {
      timers[what] = null
      void work().catch((error: unknown) => audit({ event: what, outcome: 'internal', detail: wordsOf(error) }))
    }, afterMs)
  }

  const look = async (): Promise<void> => {
    const missing = (await whenSettled(async (desired) => missingTunnels(desired, await observe()))) ?? []
    if (missing.length > 0) soon('rebuild', backoff.next(nowMs()), rebuild)
  }

  const rebuild = async (): Promise<void> => {
    let missing: readonly string[] = []
    try {
      await whenSettled(async (desired) => {
        missing = missingTunnels(desired, await observe())
        if (missing.length > 0) await apply(desired)
      })
    } catch (error) {
      const code = error instanceof MoleError ? error.code : 'internal'
      audit({ event: 'rebuild', outcome: code, detail: `${missing.join(', ')}: ${wordsOf(error)}` })
      tell({ what: 'rebuild-failed', text: `${missing.join(', ')} could not be made again: ${wordsOf(error)}` })
      soon('rebuild', backoff.next(nowMs()), rebuild)
      return
    }
    if (missing.length === 0) return
    audit({ event: 'rebuild', outcome: 'ok', detail: missing.join(', ') })
    const had = missing.length === 1 ? 'had gone, and was' : 'had gone, and were'
    tell({ what: 'tunnel-rebuilt', text: `${missing.join(', ')} ${had} made again.` })
  }

  const renewAll = async (): Promise<void> => {
    const told = (await whenSettled(renew)) ?? []
    if (told.length === 0) return
    audit({ event: 'renew-endpoints', outcome: 'ok', detail: told.join(', ') })
    tell({ what: 'endpoint-renewed', text: `This host has moved: ${told.join(', ')} send from where it is now.` })
  }

  return {
    suspect: () => soon('look', GATHER_MS, look),
    moved: () => soon('renew', GATHER_MS, renewAll),
    close: () => {
      for (const timer of Object.values(timers)) if (timer !== null) clearTimeout(timer)
    },
  }
}
