import type { Rung } from '../../../domain/probe/path.ts'
import type { Echo, EchoClient } from './echo-client.ts'
import type { Attempt } from './search-mtu.ts'

/** Small enough for every path there is (RFC 791 promises 68). */
export const SMALL_BYTES = 64
/** When the first questions are sent, and how long the last is waited for: a host may be a second away, and a first packet wait for ARP. */
const FIRST_AT_MS = [0, 150, 400, 800, 1300]
const FIRST_WAIT_MS = 1200
/** The same port unreachable told thrice is no accident of one packet. */
const REFUSALS = 2
const ECONNREFUSED = 111

/** How the target meets a first question. */
export type Contact =
  | { readonly is: 'answered'; readonly rttMs: number }
  | { readonly is: 'refused'; readonly saidBy: string }
  | { readonly is: 'unreachable'; readonly saidBy: string; readonly errno: number }
  | { readonly is: 'silent' }

/** Asks a few times whether anybody answers. */
export const makeContact = async (client: EchoClient, signal: AbortSignal): Promise<Contact> => {
  const echoes: Echo[] = []
  const isAnswered = (): boolean => echoes.some((echo) => echo.rttMs() !== null)
  const isOver = (): boolean => isAnswered() || client.said().length >= REFUSALS || signal.aborted
  for (const [index, atMs] of FIRST_AT_MS.entries()) {
    echoes.push(client.send(SMALL_BYTES))
    const next = FIRST_AT_MS[index + 1]
    await client.wait(echoes, next === undefined ? FIRST_WAIT_MS : next - atMs, isOver)
    if (isOver()) break
  }
  const rtts = echoes.flatMap((echo) => echo.rttMs() ?? [])
  if (rtts.length > 0) return { is: 'answered', rttMs: Math.min(...rtts) }
  const refusal = client.said().at(-1)
  if (refusal?.saidBy == null) return { is: 'silent' }
  return refusal.errno === ECONNREFUSED
    ? { is: 'refused', saidBy: refusal.saidBy }
    : { is: 'unreachable', saidBy: refusal.saidBy, errno: refusal.errno }
}

/** Between two questions: enough that each goes alone through an interface, and 30 take no more than a second. */
const BETWEEN_MS = 20

/** How long an answer may take that is not lost, ms; generous, as both hosts may be busy. */
export const patienceMs = (rttMs: number): number => 2 * rttMs + 150

/** Round trips in ms of so many questions, in the order of their sending; those without an answer are left out. */
export const takeTrips = async (
  client: EchoClient,
  {
    echoes: count,
    rttMs,
    signal,
    onEach,
  }: {
    readonly echoes: number
    readonly rttMs: number
    readonly signal: AbortSignal
    readonly onEach: (share: number) => void
  },
): Promise<number[]> => {
  const echoes: Echo[] = []
  for (let index = 0; index < count && !signal.aborted; index += 1) {
    echoes.push(client.send(SMALL_BYTES))
    onEach((index + 1) / count)
    await client.rest(BETWEEN_MS)
  }
  await client.wait(echoes, patienceMs(rttMs), () => signal.aborted)
  return echoes.flatMap((echo) => echo.rttMs() ?? [])
}

/** Copies a size needs before its loss means something, where this share of packets is lost anyway. Pure. */
export const copiesFor = (lossRatio: number): number => {
  const oneInTenThousand = Math.ceil(Math.log(1e-4) / Math.log(Math.max(lossRatio, 1e-3)))
  return Math.min(12, Math.max(3, oneInTenThousand))
}

/** A packet of 9000 bytes lasts so long at 40 Mbit/s; smaller ones a millisecond at least. */
const paceMs = (packetBytes: number): number => Math.max(1, (packetBytes * 8) / 40_000)

const EMSGSIZE = 90

/** Tries sizes by echoes: a size passes when one of its copies is answered. */
export const attemptByUdp =
  (client: EchoClient, rttMs: number, signal: AbortSignal): Attempt =>
  async (sizes, copies) => {
    const bySize = new Map<number, Echo[]>(sizes.map((size) => [size, []]))
    const hasPassed = (size: number): boolean => (bySize.get(size) ?? []).some((echo) => echo.rttMs() !== null)
    const isSettled = (size: number): boolean =>
      hasPassed(size) || (bySize.get(size) ?? []).some((echo) => echo.isTooBigHere())
    for (let copy = 0; copy < copies; copy += 1) {
      for (const size of sizes) {
        if (signal.aborted) break
        if (isSettled(size)) continue
        bySize.get(size)?.push(client.send(size))
        await client.rest(paceMs(size))
      }
    }
    const all = [...bySize.values()].flat()
    await client.wait(all, patienceMs(rttMs), () => signal.aborted || sizes.every(isSettled))
    const told = client.said().flatMap(({ errno, mtuBytes }) => (errno === EMSGSIZE ? mtuBytes : []))
    const largestTold = Math.min(...told)
    return sizes.map((bytes): Rung => {
      const echoes = bySize.get(bytes) ?? []
      const answered = echoes.filter((echo) => echo.rttMs() !== null).length
      const isHere = echoes.some((echo) => echo.isTooBigHere())
      const isTold = bytes > largestTold
      return {
        bytes,
        outcome: answered > 0 ? 'passed' : isHere || isTold ? 'too-big' : 'lost',
        saidBy: answered > 0 ? null : isHere ? 'this-host' : isTold ? 'path' : null,
        sent: echoes.length,
        answered,
      }
    })
  }
