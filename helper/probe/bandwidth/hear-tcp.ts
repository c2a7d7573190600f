import {
  type CoreUses,
  type Interval,
  isServerOutput,
  parseIperfCores,
  parseIperfFlow,
  parseIperfLine,
  type Total,
} from '../../iperf/iperf-output.ts'

/** What a TCP run of iperf3 has said so far. */
export type Heard = {
  /** Those that count, in their order. */
  readonly intervals: readonly Interval[]
  readonly sender: Total | null
  readonly receiver: Total | null
  readonly senderCoreRatio: number | null
  readonly receiverCoreRatio: number | null
  /** Local ports of the flows that carry data; the control connection is not among them. */
  readonly ports: ReadonlySet<number>
}

export type Ear = {
  /** Gives the interval that a line tells of; `null` for every other line. */
  readonly line: (line: string) => Interval | null
  readonly heard: () => Heard
}

/** All streams of one second together: iperf3 flushes its own sum only with the next second's lines. */
const sumOf = (each: readonly Interval[], last: Interval): Interval => ({
  ...last,
  seconds: Math.max(...each.map(({ seconds }) => seconds)),
  bitsPerSecond: each.reduce((sum, { bitsPerSecond }) => sum + bitsPerSecond, 0),
})

/** Listens to the output of one run, line by line. */
export const hearTcp = (streams: number): Ear => {
  const intervals: Interval[] = []
  let second: Interval[] = []
  const ports = new Set<number>()
  const totals: Partial<Record<Total['end'], Total>> = {}
  const cores: Partial<Record<Total['end'], number>> = {}
  let isFarEnd = false

  const hearCores = ({ local, remote }: CoreUses): void => {
    // There what it says of the other end may be of the test before.
    for (const { end, coreRatio } of isFarEnd ? [local] : [local, remote]) cores[end] = coreRatio
  }
  const hearStream = (ofStream: Interval): Interval | null => {
    second.push(ofStream)
    if (second.length < streams) return null
    const interval = sumOf(second, ofStream)
    second = []
    // When it fails it tells its last interval once more.
    const last = interval.isOmitted ? 0 : (intervals.at(-1)?.untilSeconds ?? 0)
    if (interval.untilSeconds <= last) return null
    if (!interval.isOmitted) intervals.push(interval)
    return interval
  }

  return {
    line: (line) => {
      isFarEnd ||= isServerOutput(line)
      const uses = parseIperfCores(line)
      if (uses !== null) hearCores(uses)
      if (isFarEnd) return null
      const port = parseIperfFlow(line)
      if (port !== null) ports.add(port)
      const whole = parseIperfLine(line, streams)
      if (whole?.kind === 'total') totals[whole.end] = whole
      const ofStream = parseIperfLine(line, 1)
      return ofStream?.kind === 'interval' ? hearStream(ofStream) : null
    },
    heard: () => ({
      intervals,
      sender: totals.sender ?? null,
      receiver: totals.receiver ?? null,
      senderCoreRatio: cores.sender ?? null,
      receiverCoreRatio: cores.receiver ?? null,
      ports,
    }),
  }
}
