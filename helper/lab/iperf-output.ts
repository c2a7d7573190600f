/**
 * Reads iperf3's text output (`--format k --forceflush`). The text is the same from 3.1 to 3.19, and comes while the test
 * runs; its JSON comes only at the end before 3.17. Rates are in units of 1000 bit/s, exact to one of them.
 */

/** One second of the test, all streams together. */
export type Interval = { readonly kind: 'interval'; readonly seconds: number; readonly bitsPerSecond: number }
/** A final line: what one end counted over the whole test, all streams together. */
export type Total = {
  readonly kind: 'total'
  readonly end: 'sender' | 'receiver'
  readonly seconds: number
  readonly bitsPerSecond: number
  /** TCP segments sent again; only the sender knows. */
  readonly retransmits: number | null
}

const LINE =
  /^\[\s*(SUM|[0-9]+)\]\s+([0-9.]+)-([0-9.]+)\s+sec\s+[0-9.]+\s+[KMGTP]?Bytes\s+([0-9.]+)\s+Kbits\/sec(?:\s+([0-9]+))?(.*)$/

const endOf = (rest: string): Total['end'] | null => {
  if (rest.includes('receiver')) return 'receiver'
  return rest.includes('sender') ? 'sender' : null
}

/**
 * Reads one line; `null` for everything that is not a figure of the whole test (with several streams only the `[SUM]`
 * lines are).
 */
export const parseIperfLine = (line: string, streams: number): Interval | Total | null => {
  const [, who, from, to, kilobits, retransmits, rest = ''] = LINE.exec(line) ?? []
  if (who === undefined || (who === 'SUM') !== streams > 1) return null
  const figures = { seconds: Number(to) - Number(from), bitsPerSecond: Number(kilobits) * 1000 }
  if (!(figures.seconds > 0)) return null
  const end = endOf(rest)
  if (end === null) return { kind: 'interval', ...figures }
  return { kind: 'total', end, ...figures, retransmits: retransmits === undefined ? null : Number(retransmits) }
}

/** `iperf3 --version`: "iperf 3.12 (cJSON 1.7.15)" → "3.12". */
export const parseIperfVersion = (text: string): string => /^iperf ([0-9]+(?:\.[0-9]+)+)/m.exec(text)?.[1] ?? 'unknown'

/** What iperf3 says when it gives up: "iperf3: error - unable to connect to server: …". */
export const parseIperfError = (text: string): string | null => /iperf3: error - (.+)/.exec(text)?.[1]?.trim() ?? null
