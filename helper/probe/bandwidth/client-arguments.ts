import type { BandwidthRequest } from './measure-bandwidth.ts'

export type Direction = BandwidthRequest['directions'][number]
export type Server = { readonly address: string; readonly port: number }

/** More of its output than this is not asked of the far end: it comes in one message. */
const MOST_SERVER_LINES = 1000

const common = ({ address, port }: Server, direction: Direction): string[] => [
  '--client',
  address,
  '--port',
  String(port),
  '--interval',
  '1',
  '--format',
  'k',
  '--forceflush',
  '--verbose',
  '--connect-timeout',
  '5000',
  ...(direction === 'download' ? ['--reverse'] : []),
]

export type TcpPlan = {
  readonly direction: Direction
  readonly streams: number
  readonly seconds: number
  /** At the beginning, left out of the figures: slow start is no property of the path. */
  readonly omitSeconds: number
  readonly sourceFile: string | null
  /** As `--set-mss` takes it; `null`: as TCP finds. */
  readonly maximumSegmentBytes: number | null
}

/**
 * `iperf3(1)`. The file is never given for a download: there the client would *write* to it. The far end's own output is asked
 * for where it sends, for only there, and if it is verbose, the use of its core is told.
 */
export const tcpArguments = (server: Server, plan: TcpPlan): string[] => {
  const { direction, streams, seconds, omitSeconds, sourceFile, maximumSegmentBytes } = plan
  const isTold = direction === 'download' && streams * (seconds + omitSeconds) <= MOST_SERVER_LINES
  return [
    ...common(server, direction),
    '--time',
    String(seconds),
    '--parallel',
    String(streams),
    ...(omitSeconds > 0 ? ['--omit', String(omitSeconds)] : []),
    ...(maximumSegmentBytes === null ? [] : ['--set-mss', String(maximumSegmentBytes)]),
    ...(isTold ? ['--get-server-output'] : []),
    ...(sourceFile !== null && direction === 'upload' ? ['--file', sourceFile] : []),
  ]
}

export type UdpPlan = {
  readonly direction: Direction
  readonly flows: number
  readonly bitsPerSecondOfFlow: number
  readonly seconds: number
  readonly payloadBytes: number
}

/** `iperf3(1)`: the rate is that of each flow. */
export const udpArguments = (server: Server, plan: UdpPlan): string[] => [
  ...common(server, plan.direction),
  '--udp',
  '--time',
  String(plan.seconds),
  '--parallel',
  String(plan.flows),
  '--bitrate',
  String(Math.round(plan.bitsPerSecondOfFlow)),
  '--length',
  String(plan.payloadBytes),
]

/** What is left out at the beginning of a run: so long takes slow start on a long, fat path. Of a file nothing is. */
export const omitSecondsOf = (seconds: number, sourceFile: string | null): number => {
  if (sourceFile !== null || seconds < 2) return 0
  return seconds < 6 ? 1 : 2
}
