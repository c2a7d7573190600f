/**
 * Reads iperf3's text output (`--format k --forceflush`, maybe `--verbose`). The text is the same from 3.1 to 3.19, and comes
 * while the test runs; its JSON comes only at the end before 3.17. Rates are in units of 1000 bit/s, exact to one of them.
 */

/** One second of the test, all streams together. */
export type Interval = {
  readonly kind: 'interval'
  readonly seconds: number
  /** Since the test began, or since the end of what it leaves out (`--omit`), at the end of this second. */
  readonly untilSeconds: number
  readonly isOmitted: boolean
  readonly bitsPerSecond: number
}
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
  const isOmitted = rest.includes('(omitted)')
  if (end === null) return { kind: 'interval', ...figures, untilSeconds: Number(to), isOmitted }
  return { kind: 'total', end, ...figures, retransmits: retransmits === undefined ? null : Number(retransmits) }
}

/** `iperf3 --version`: "iperf 3.12 (cJSON 1.7.15)" → "3.12". */
export const parseIperfVersion = (text: string): string => /^iperf ([0-9]+(?:\.[0-9]+)+)/m.exec(text)?.[1] ?? 'unknown'

/** What iperf3 says when it gives up: "iperf3: error - unable to connect to server: …". */
export const parseIperfError = (text: string): string | null => /iperf3: error - (.+)/.exec(text)?.[1]?.trim() ?? null

/** `[  5] local 198.18.0.1 port 47624 connected to …`: this end's port of one flow of the test; `null` for other lines. */
export const parseIperfFlow = (line: string): number | null => {
  const port = /^\[\s*[0-9]+\]\s+local\s+\S+\s+port\s+([0-9]+)\s+connected/.exec(line)?.[1]
  return port === undefined ? null : Number(port)
}

/** Share of one core that an end used over the test. */
export type CoreUse = { readonly end: Total['end']; readonly coreRatio: number }
export type CoreUses = { readonly local: CoreUse; readonly remote: CoreUse }

/** `CPU Utilization: local/sender 0.3% (0.0%u/0.3%s), remote/receiver 1.6% (…)`; `null` for other lines. */
export const parseIperfCores = (line: string): CoreUses | null => {
  const uses = /^CPU Utilization: local\/(sender|receiver) ([0-9.]+)%.*remote\/(sender|receiver) ([0-9.]+)%/.exec(line)
  if (uses === null) return null
  const use = (end: string | undefined, percent: string | undefined): CoreUse => ({
    end: end === 'sender' ? 'sender' : 'receiver',
    coreRatio: Number(percent) / 100,
  })
  return { local: use(uses[1], uses[2]), remote: use(uses[3], uses[4]) }
}

/** From this line on the far end's own output follows (`--get-server-output`). */
export const isServerOutput = (line: string): boolean => line.trim() === 'Server output:'

/** What one end counted of a UDP test, all flows together. */
export type UdpTotal = {
  readonly end: Total['end']
  readonly seconds: number
  readonly bitsPerSecond: number
  readonly jitterMs: number
  /** Gaps in the numbers of the datagrams that came; of those after the last that came nobody knows. */
  readonly lost: number
  readonly datagrams: number
}

const UDP_TOTAL =
  /^\[\s*(SUM|[0-9]+)\]\s+([0-9.]+)-([0-9.]+)\s+sec\s+[0-9.]+\s+[KMGTP]?Bytes\s+([0-9.]+)\s+Kbits\/sec\s+([0-9.]+) ms\s+([0-9]+)\/([0-9]+) \(\S+\)\s+(sender|receiver)/

/** A final line of a UDP test; `null` for other lines (of several flows only the `[SUM]` lines are). */
export const parseUdpTotal = (line: string, flows: number): UdpTotal | null => {
  const [, who, from, to, kilobits, jitter, lost, datagrams, end] = UDP_TOTAL.exec(line) ?? []
  if (who === undefined || (who === 'SUM') !== flows > 1) return null
  return {
    end: end === 'sender' ? 'sender' : 'receiver',
    seconds: Number(to) - Number(from),
    bitsPerSecond: Number(kilobits) * 1000,
    jitterMs: Number(jitter),
    lost: Number(lost),
    datagrams: Number(datagrams),
  }
}
