import { median } from '../../domain/series.ts'

/** Echoes of one tunnel, newest last. All times on one monotonic clock, in ms. */
export type EchoWindow = {
  readonly sent: (sequence: number, atMs: number) => void
  /** Returns whether this was the answer to a probe still remembered, and its first. */
  readonly returned: (sequence: number, atMs: number) => boolean
  readonly read: (nowMs: number) => EchoReading
}

export type EchoReading = {
  /** Median round trip of the last second; `null` when none came back. */
  readonly rttMs: number | null
  /** Share of the echoes due in the window that did not come back; `null` before any was due. */
  readonly lossRatio: number | null
}

type Probe = { readonly sequence: number; readonly sentMs: number; rttMs: number | null }

/** An echo is due after this long; one that comes later still counts as come back. */
const DUE_MS = 600
/** Loss is judged over echoes sent this long ago at most. */
const LOSS_WINDOW_MS = 3000
/** Round trips are those of echoes that came back this long ago at most. */
const RTT_WINDOW_MS = 1000
/** Until then an answer is waited for. */
const FORGET_MS = 5000

/** Remembers the probes of a short while, and what became of them. */
export const makeEchoWindow = (): EchoWindow => {
  let probes: Probe[] = []
  return {
    sent: (sequence, sentMs) => {
      probes = probes.filter((probe) => sentMs - probe.sentMs < FORGET_MS)
      probes.push({ sequence, sentMs, rttMs: null })
    },
    returned: (sequence, atMs) => {
      const probe = probes.find((each) => each.sequence === sequence)
      if (probe === undefined || probe.rttMs !== null) return false
      probe.rttMs = Math.max(0, atMs - probe.sentMs)
      return true
    },
    read: (nowMs) => {
      const recent = probes.flatMap(({ sentMs, rttMs }) =>
        rttMs !== null && nowMs - (sentMs + rttMs) <= RTT_WINDOW_MS ? [rttMs] : [],
      )
      const due = probes.filter(
        ({ sentMs, rttMs }) => nowMs - sentMs <= LOSS_WINDOW_MS && (rttMs !== null || nowMs - sentMs >= DUE_MS),
      )
      const lost = due.filter(({ rttMs }) => rttMs === null).length
      return { rttMs: median(recent), lossRatio: due.length === 0 ? null : lost / due.length }
    },
  }
}
