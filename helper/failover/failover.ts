import { Probe } from '../../domain/carriage.ts'
import type { HostState } from '../../domain/host-state.ts'
import { slotOfInterface } from '../../domain/ours.ts'
import type { Audit } from '../audit.ts'
import type { Facts } from '../observe/facts.ts'
import type { Runner } from '../run.ts'
import { readEchoTargets } from '../watch/echo-targets.ts'
import { makeProber } from '../watch/prober.ts'
import type { PathReadings } from '../watch/sampler.ts'
import { makeGuardian } from './guardian.ts'
import { openIpPipe } from './ip-pipe.ts'

/** Probes every tunnel and keeps dead ones out of the route, whether or not anybody watches. */
export type Failover = PathReadings & {
  /** Tunnels (lane numbers) that are out of the route. */
  readonly withdrawn: () => ReadonlySet<number>
  /** The host was looked at. */
  readonly see: (facts: Facts) => void
  /** What is asked for from now on; the host was looked at just before. */
  readonly follow: (desired: HostState | null) => void
  readonly close: () => void
}

export type FailoverParts = {
  readonly runner: Runner
  readonly audit: Audit
  readonly generation: () => number
  readonly urgently: (work: () => Promise<void>) => Promise<void>
  readonly isChanging: () => boolean
  /** What people see has changed. */
  readonly onChange: () => void
  /** A path has died: something may have become of its tunnel. */
  readonly onDeath: () => void
}

const DEFAULT_PROBE = Probe.parse({})

export const openFailover = ({ runner, ...parts }: FailoverParts): Failover => {
  let seen: Facts | null = null
  let isFollowing = false
  let probe = DEFAULT_PROBE
  const pipe = openIpPipe(runner)
  const prober = makeProber({
    probe: () => probe,
    onFirstEcho: parts.onChange,
    onStir: () => guardian.judge(),
  })
  const guardian = makeGuardian({ ...parts, pathOf: prober.pathOf, pipe, nowMs: () => performance.now() })

  /** A tunnel made again begins where the one before it ended: out of the route, until it has proven itself. */
  const aim = ({ links }: Facts): void =>
    prober.aimAt(readEchoTargets(links), (name) => guardian.withdrawn().has(slotOfInterface(name) ?? 0))

  return {
    withdrawn: guardian.withdrawn,
    read: prober.read,
    carries: guardian.carries,
    see: (facts) => {
      seen = facts
      if (isFollowing) aim(facts)
    },
    follow: (desired) => {
      if (seen === null) return
      probe = desired?.probe ?? DEFAULT_PROBE
      guardian.follow(desired, seen)
      isFollowing = true
      aim(seen)
      guardian.judge()
      if (desired !== null && desired.active.length > 1) pipe.ready()
    },
    close: () => {
      prober.close()
      guardian.close()
      pipe.close()
    },
  }
}
