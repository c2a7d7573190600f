import type { FlowSample } from '../../contract/helper.ts'

/** A connection as the kernel's socket tells it; on which tunnel it rides is found out elsewhere. */
export type SocketFlow = Omit<FlowSample, 'tunnel'>

/** `ESTAB 0 1220920 10.100.2.1%mole2:52631 10.200.0.10:5000 timer:(…) …`: state, queues, both ends, the rest (`ss(8)`). */
const LINE = /^([A-Z0-9-]+)\s+\d+\s+\d+\s+(\S+)\s+(\S+)(.*)$/

/** A socket bound to an interface bears its name: `10.100.2.1%mole2:52631`. */
const withoutInterface = (end: string): string => end.replace(/%[^:]+/, '')

const word = (text: string, name: string): string | null =>
  new RegExp(`(?:^|\\s)${name}:(\\S+)`).exec(text)?.[1] ?? null

const number = (text: string | null | undefined): number | null => {
  const value = Number.parseFloat(text ?? '')
  return Number.isFinite(value) ? value : null
}

const SCALES: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 }

/** `pacing_rate 48149656bps`; older versions write `48.1Mbps`. */
const rate = (text: string, name: string): number | null => {
  const [, digits, scale] = new RegExp(`(?:^|\\s)${name} ([0-9.]+)([KMGT]?)bps`).exec(text) ?? []
  return digits === undefined ? null : Math.round(Number(digits) * (SCALES[scale ?? ''] ?? 1))
}

/** `retrans:0/885`: now in flight again, and ever. */
const retransmits = (text: string): number => Number(/\sretrans:\d+\/(\d+)/.exec(text)?.[1] ?? 0)

/** Bare words that may stand before the first `name:value`; the one beside them is the congestion control. */
const NO_CONTROL = new Set(['ts', 'usec_ts', 'sack', 'ecn', 'ecnseen', 'fastopen', 'app_limited'])

const congestionControl = (text: string): string => {
  const head = / [-<]-[->]\s+(.*)$/.exec(text)?.[1] ?? text
  const words = head.split(/\s+/)
  const first = words.findIndex((each) => /^(wscale|rto):/.test(each))
  const bare = words.slice(0, first < 0 ? words.length : first).filter((each) => /^[a-z][a-z0-9_]*$/.test(each))
  return bare.filter((each) => !NO_CONTROL.has(each)).at(-1) ?? ''
}

/** `token:REMOTE(id:N)/LOCAL(id:N)`: the local one is the same for all subflows of a connection. */
const mptcpToken = (text: string): string | null =>
  /\stoken:[0-9a-f]+\(id:\d+\)\/([0-9a-f]+)\(id:\d+\)/.exec(text)?.[1] ?? null

/** Letters `b`, `B`: made a backup by this end, or by the far one (`mptcp_info_flags` of iproute2's `misc/ss.c`). */
const isBackup = (text: string): boolean => /tcp-ulp-mptcp flags:[A-Za-z]*[bB]/.test(text)

type Parts = { readonly state: string; readonly local: string; readonly remote: string; readonly rest: string }

const partsOf = (line: string): Parts | null => {
  const [, state = '', local, remote, rest = ''] = LINE.exec(line.trimEnd()) ?? []
  if (local === undefined || remote === undefined || state === 'LISTEN' || state === 'TIME-WAIT') return null
  return { state, local, remote, rest }
}

const parseParts = ({ local, remote, rest }: Parts): SocketFlow => ({
  local: withoutInterface(local),
  remote: withoutInterface(remote),
  mptcpToken: mptcpToken(rest),
  backup: isBackup(rest),
  bytesSent: number(word(rest, 'bytes_sent')) ?? number(word(rest, 'bytes_acked')) ?? 0,
  bytesReceived: number(word(rest, 'bytes_received')) ?? 0,
  deliveryBitsPerSecond: rate(rest, 'delivery_rate'),
  pacingBitsPerSecond: rate(rest, 'pacing_rate'),
  rttMs: number(word(rest, 'rtt')),
  congestionWindow: number(word(rest, 'cwnd')),
  congestionControl: congestionControl(rest),
  retransmits: retransmits(rest),
  busyMs: number(word(rest, 'busy')) ?? 0,
  receiverLimitedMs: number(word(rest, 'rwnd_limited')) ?? 0,
  sendBufferLimitedMs: number(word(rest, 'sndbuf_limited')) ?? 0,
  applicationLimited: /\sapp_limited(\s|$)/.test(rest),
  // It is left out for root's.
  uid: number(word(rest, 'uid')) ?? 0,
})

/**
 * Reads `ss -tinHOe` of iproute2 6.1 and newer: one connection a line. What a version does not print is `null` or 0. Lines of
 * another shape are left out. Pure.
 */
export const parseSs = (stdout: string): SocketFlow[] =>
  stdout.split('\n').flatMap((line) => {
    const parts = partsOf(line)
    return parts === null ? [] : [parseParts(parts)]
  })

/** What is to be known of a flow that is measured. */
export type MeasuredFlow = SocketFlow & {
  readonly bytesRetransmitted: number
  /** With payload, those sent again included. */
  readonly segmentsSent: number
  readonly maximumSegmentBytes: number | null
  readonly minRttMs: number | null
}

/** As `parseSs`, of established connections alone, and more of each. Pure. */
export const parseSsMeasured = (stdout: string): MeasuredFlow[] =>
  stdout.split('\n').flatMap((line) => {
    const parts = partsOf(line)
    if (parts === null || parts.state !== 'ESTAB') return []
    const { rest } = parts
    const more = {
      bytesRetransmitted: number(word(rest, 'bytes_retrans')) ?? 0,
      segmentsSent: number(word(rest, 'data_segs_out')) ?? 0,
      maximumSegmentBytes: number(word(rest, 'mss')),
      minRttMs: number(word(rest, 'minrtt')),
    }
    return [{ ...parseParts(parts), ...more }]
  })
