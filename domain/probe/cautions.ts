import type { Found } from './analyse.ts'
import { GROWTH, isOlderThan, percent, streamsOf } from './evidence.ts'
import type { Side } from './side.ts'

/** Runs shorter than these are mostly slow start on a long path. */
const SHORT_SECONDS = 5
const BUSY_CORE = 0.9

const ofSide = (side: Side): string[] =>
  side.lastGrowth !== null && side.lastGrowth >= GROWTH
    ? [
        `${side.direction === 'upload' ? 'Upload' : 'Download'} still grew at ${streamsOf(side.most.streams)}: more of them may carry more.`,
      ]
    : []

/** What makes the figures less sure, one sentence each. Pure. */
export const cautionsOf = ({ bandwidth, mtu }: Found, sides: readonly Side[]): string[] => {
  if (bandwidth === null) return []
  const shortest = Math.min(...bandwidth.runs.map(({ seconds }) => seconds))
  const busiest = bandwidth.busiestCoreRatio
  const hasDownload = sides.some(({ direction }) => direction === 'download')
  const dropped = bandwidth.drops === null ? 0 : Object.values(bandwidth.drops).reduce((sum, each) => sum + each, 0)
  return [
    ...(isOlderThan(bandwidth.iperf3Version, 3, 16)
      ? [
          `iperf3 ${bandwidth.iperf3Version} is one thread: on a fast path it measures its own core; 3.16 and newer do not.`,
        ]
      : []),
    ...(bandwidth.runs.length > 0 && shortest < SHORT_SECONDS
      ? [`The shortest run took ${shortest.toFixed(0)} s: on a long path that is mostly the time to come up to speed.`]
      : []),
    ...sides.flatMap(ofSide),
    ...(hasDownload ? ['Of downloads the sending end is the far one: its windows and queues were not seen.'] : []),
    ...(bandwidth.udp.length === 0 && bandwidth.runs.length > 0
      ? ['Without UDP steps a limit for each flow cannot be told from loss.']
      : []),
    ...(busiest !== null && busiest >= BUSY_CORE
      ? [`A core of this host was ${percent(busiest)} busy: what runs beside it may have slowed the measurement.`]
      : []),
    ...(dropped > 0 ? [`The interface dropped ${dropped} packets while it was measured.`] : []),
    ...(mtu === null && bandwidth.runs.length > 0
      ? ['The path MTU is not known: rates in IP packets are reckoned from the interface’s.']
      : []),
  ]
}
