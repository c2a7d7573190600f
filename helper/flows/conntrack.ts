import { OURS, slotOfLane } from '../../domain/ours.ts'
import { MARK_MASKS, slotOfMark } from '../deal.ts'
import type { System } from '../system.ts'

/** A connection that the kernel's connection tracking knows, as its beginner sees it. */
export type TrackedFlow = {
  readonly protocol: 'tcp' | 'udp'
  readonly source: string
  readonly sourcePort: number
  readonly address: string
  readonly port: number
  readonly mark: number
  /** Bytes of packets from the beginner, and back; `null` unless the kernel counts (`net.netfilter.nf_conntrack_acct`). */
  readonly sentBytes: number | null
  readonly receivedBytes: number | null
}

const numbers = (line: string, name: string): (number | undefined)[] =>
  [...line.matchAll(new RegExp(`(?:^|\\s)${name}=(\\d+)`, 'g'))].map(([, digits]) => Number(digits))

const parseLine = (line: string): TrackedFlow | null => {
  const protocol = /(?:^|\s)(tcp|udp)\s/.exec(line)?.[1] as TrackedFlow['protocol'] | undefined
  const source = /\ssrc=([0-9.]+)/.exec(line)?.[1]
  const address = /\sdst=([0-9.]+)/.exec(line)?.[1]
  const [sourcePort] = numbers(line, 'sport')
  const [port] = numbers(line, 'dport')
  if (protocol === undefined || source === undefined || address === undefined) return null
  if (sourcePort === undefined || port === undefined || /\s(TIME_WAIT|CLOSE)\s/.test(line)) return null
  const [sentBytes = null, receivedBytes = null] = numbers(line, 'bytes')
  const [mark = 0] = numbers(line, 'mark')
  return { protocol, source, sourcePort, address, port, mark, sentBytes, receivedBytes }
}

/** Reads `conntrack -L` or `/proc/net/nf_conntrack`; what has ended is left out. Pure. */
export const parseConntrack = (text: string): TrackedFlow[] =>
  text.split('\n').flatMap((line) => {
    const flow = parseLine(line)
    return flow === null ? [] : [flow]
  })

/** Asked by mark, the kernel itself picks them out; the file holds every connection of the host. */
const readConntrack = async ({ read, runner }: System, isMarked: boolean): Promise<string> => {
  const argv = ['-L', '-f', 'ipv4', '--mark', `${OURS.markBase}/${MARK_MASKS.ours}`]
  const picked = isMarked ? await runner.run('conntrack', argv).catch(() => null) : null
  return picked?.code === 0 ? picked.stdout : (read('/proc/net/nf_conntrack') ?? '')
}

/**
 * Connections of ours that are tracked; `isMarked`: all of them bear a mark of ours. Where neither the program nor the file is
 * there, nothing is known: `[]`.
 */
export const observeConntrack = async (
  system: System,
  isMarked: boolean,
  isOurs: (flow: TrackedFlow) => boolean,
): Promise<TrackedFlow[]> => parseConntrack(await readConntrack(system, isMarked)).filter(isOurs)

/** Which of the `lanes` (lane numbers) carries what bears this mark; `null` when none does, or the mark is not ours. */
export const laneOfMark = (mark: number, lanes: readonly number[]): number | null => {
  const slot = slotOfMark(mark)
  return slot === null ? null : (lanes.find((lane) => slotOfLane(lane) === slot) ?? null)
}
