import type { RunSecond, TcpRun } from '../../../domain/probe/bandwidth.ts'
import type { Interval } from '../../iperf/iperf-output.ts'
import type { MeasureContext } from '../context.ts'
import { figure, measured } from '../source.ts'
import { type Server, type TcpPlan, tcpArguments } from './client-arguments.ts'
import { type Heard, hearTcp } from './hear-tcp.ts'
import { readFile, workedSeconds } from './host-counters.ts'
import { runClient } from './run-client.ts'
import { evenly, meanRate, thinIntervals } from './thin.ts'
import { watchFlows } from './watch-flows.ts'

/** A run has no more points and flows than these, however long and wide: a message holds all runs. */
const MOST_INTERVALS = 120
const MOST_FLOWS = 32
/** Between two looks at the flows; a run has at most so many looks. */
const LOOK_EVERY_MS = 200
const MOST_LOOKS = 300
/** Until data flows: iperf3 gives up connecting after 5 s by itself. */
const START_LIMIT_MS = 12_000
/** What a run may take beyond its time: exchanging results over a full path. */
const OVERTIME_MS = 10_000

const describeRun = (plan: TcpPlan, isWhole: boolean): string => {
  const { direction, streams, seconds, omitSeconds, sourceFile, maximumSegmentBytes } = plan
  const flows = streams === 1 ? '1 stream' : `${streams} streams`
  const omitted = omitSeconds > 0 ? `, after ${omitSeconds} s of start that are left out` : ''
  const source = sourceFile === null || direction === 'download' ? '' : `, sent from ${sourceFile}`
  const segments = maximumSegmentBytes === null ? '' : `, in segments of at most ${maximumSegmentBytes} bytes`
  const counted = isWhole ? 'payload the receiver counted' : 'what this end counted until it broke off'
  return `TCP ${direction} over ${flows} for ${seconds} s${omitted}${source}${segments}; ${counted}`
}

export type RunParts = {
  readonly plan: TcpPlan
  readonly heard: Heard
  readonly flows: TcpRun['flows']
  /** Share of a core that iperf3 used at this end, as the kernel counted; `null` where it was not seen. */
  readonly ownCoreRatio: number | null
  readonly version: string
}

/** Puts a run together, also one that broke off; `null` when nothing was measured. */
export const tellRun = ({ plan, heard, flows, ownCoreRatio, version }: RunParts): TcpRun | null => {
  const { intervals, sender, receiver, senderCoreRatio, receiverCoreRatio } = heard
  const last = intervals.at(-1)
  if (receiver === null && last === undefined) return null
  const isUpload = plan.direction === 'upload'
  return {
    direction: plan.direction,
    streams: plan.streams,
    seconds: receiver?.seconds ?? last?.untilSeconds ?? 0,
    goodputBitsPerSecond: figure(
      receiver?.bitsPerSecond ?? meanRate(intervals),
      measured(describeRun(plan, receiver !== null), { tool: 'iperf3', version }),
    ),
    intervals: thinIntervals(intervals, MOST_INTERVALS),
    retransmits: sender?.retransmits ?? null,
    senderCoreRatio: senderCoreRatio ?? (isUpload ? ownCoreRatio : null),
    receiverCoreRatio: receiverCoreRatio ?? (isUpload ? null : ownCoreRatio),
    flows: isUpload ? evenly(flows, MOST_FLOWS) : [],
    sourceFile: isUpload ? plan.sourceFile : null,
  }
}

/** Share of a core that a process uses, from the moment it is begun to the last time it is looked at. */
const makeCoreWatch = () => {
  let first: { readonly atMs: number; readonly worked: number; readonly pid: number } | null = null
  let ratio: number | null = null
  return {
    begin: (pid: number): void => {
      const worked = workedSeconds(readFile, pid)
      first = worked === null ? null : { atMs: performance.now(), worked, pid }
    },
    look: (): void => {
      if (first === null) return
      const worked = workedSeconds(readFile, first.pid)
      const seconds = (performance.now() - first.atMs) / 1000
      if (worked !== null && seconds > 0) ratio = Math.max(0, (worked - first.worked) / seconds)
    },
    ratio: () => ratio,
  }
}

export type TcpOutcome = {
  readonly run: TcpRun | null
  /** iperf3's words; `null` when the run is whole. */
  readonly complaint: string | null
  /** Why the flows could not be looked at. */
  readonly blind: string | null
}

export type TcpOptions = {
  readonly server: Server
  readonly plan: TcpPlan
  readonly version: string
  /** Each second; `null` for one that does not count. */
  readonly onSecond: (second: RunSecond | null) => void
}

/** Runs TCP once, and looks at its flows meanwhile. @throws MoleError `missing-program`, `cancelled`. */
export const runTcp = async (context: MeasureContext, options: TcpOptions): Promise<TcpOutcome> => {
  const { server, plan, version, onSecond } = options
  const wholeSeconds = plan.seconds + plan.omitSeconds
  const ear = hearTcp(plan.streams)
  const core = makeCoreWatch()
  const isLooked = plan.direction === 'upload'
  const everyMs = Math.max(LOOK_EVERY_MS, (wholeSeconds * 1000) / MOST_LOOKS)
  const watch = isLooked ? watchFlows(context, server, everyMs) : null
  let omitted = 0

  const onInterval = (interval: Interval): void => {
    core.look()
    if (interval.isOmitted) omitted += 1
    if (interval.isOmitted && omitted === plan.omitSeconds) watch?.restart()
    if (!interval.isOmitted && interval.untilSeconds > plan.seconds - 0.5) watch?.stop()
    const { untilSeconds, bitsPerSecond } = interval
    onSecond(interval.isOmitted ? null : { seconds: untilSeconds, bitsPerSecond })
  }
  try {
    const { complaint } = await runClient(context, {
      argv: tcpArguments(server, plan),
      startLimitMs: START_LIMIT_MS,
      runLimitMs: wholeSeconds * 1000 + OVERTIME_MS,
      onStart: core.begin,
      onLine: (line) => {
        const interval = ear.line(line)
        if (interval !== null) onInterval(interval)
      },
    })
    watch?.stop()
    const blind = (await watch?.ended) ?? null
    const heard = ear.heard()
    const flows = watch?.tell(heard.ports) ?? []
    const run = tellRun({ plan, heard, flows, ownCoreRatio: core.ratio(), version })
    return { run, complaint, blind }
  } finally {
    watch?.stop()
  }
}
