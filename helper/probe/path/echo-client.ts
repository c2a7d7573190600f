import { randomBytes } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { openAsking } from '../asking-socket.ts'
import { parseAnswer, renderQuestion, TOKEN_BYTES } from '../echo-message.ts'
import type { Refusal } from '../error-queue.ts'

/** A question that was sent, or that this host refused to send. */
export type Echo = {
  readonly packetBytes: number
  readonly rttMs: () => number | null
  readonly isTooBigHere: () => boolean
}

export type EchoClient = {
  /** Asks by an IP packet of this size, which is not fragmented. */
  readonly send: (packetBytes: number) => Echo
  /** Lets time pass, and hears what comes meanwhile. */
  readonly rest: (ms: number) => Promise<void>
  /** Waits until all of these are answered or refused, `enough` says so, or the time is over. */
  readonly wait: (echoes: readonly Echo[], timeoutMs: number, enough?: () => boolean) => Promise<void>
  /** What routers or the target said by ICMP, in order; `since` leaves out so many of the first. */
  readonly said: () => readonly Refusal[]
  /** MTU of the interface, once a larger packet was refused; `null` before. */
  readonly interfaceMtu: () => number | null
  readonly close: () => void
}

const EMSGSIZE = 90
/** An error that came by ICMP is told to the next who sends, whose packet is not sent then. */
const TRIES = 5
/** So long the event loop stands still at most: what ends this program is heard then. */
const LOOK_MS = 5

type Sent = { readonly packetBytes: number; sentAtMs: number; answeredAtMs: number | null; isTooBigHere: boolean }

/**
 * Asks one host for echoes by UDP.
 * @throws MoleError `not-available`; an error of the system (ENETUNREACH, EHOSTUNREACH, EACCES) where there is no route.
 */
export const openEchoClient = (address: string, port: number): EchoClient => {
  const socket = openAsking({ address, port })
  const token = randomBytes(TOKEN_BYTES)
  const bySequence = new Map<number, Sent>()
  const said: Refusal[] = []
  let interfaceMtu: number | null = null
  let sequence = 0

  const hearRefusals = (): void => {
    for (const refusal of socket.refusals()) {
      if (refusal.saidBy !== null) said.push(refusal)
      else if (refusal.errno === EMSGSIZE) interfaceMtu = refusal.mtuBytes
    }
  }

  const hear = (): void => {
    const atMs = performance.now()
    for (let bytes = socket.receive(); bytes !== null; bytes = socket.receive()) {
      const answer = parseAnswer(bytes, token)
      const sent = answer === null ? undefined : bySequence.get(answer.sequence)
      // Of another size than was asked, it does not show that this size passes.
      if (sent !== undefined && sent.packetBytes === answer?.packetBytes) sent.answeredAtMs ??= atMs
    }
    hearRefusals()
  }

  const listenUntil = async (untilMs: number, isOver: () => boolean): Promise<void> => {
    for (hear(); !isOver(); hear()) {
      const leftMs = untilMs - performance.now()
      if (leftMs <= 0) return
      socket.standStill(Math.min(LOOK_MS, Math.ceil(leftMs)))
      hear()
      // Whoever cancels is heard here.
      await turn()
    }
  }

  const transmit = (packetBytes: number, number: number, sent: Sent): void => {
    const question = renderQuestion(token, number, packetBytes)
    for (let tries = 0; tries < TRIES; tries += 1) {
      sent.sentAtMs = performance.now()
      if (socket.send(question)) return
      hearRefusals()
      sent.isTooBigHere = interfaceMtu !== null && packetBytes > interfaceMtu
      if (sent.isTooBigHere) return
    }
  }

  return {
    send: (packetBytes) => {
      const sent: Sent = { packetBytes, sentAtMs: 0, answeredAtMs: null, isTooBigHere: false }
      sequence += 1
      bySequence.set(sequence, sent)
      transmit(packetBytes, sequence, sent)
      return {
        packetBytes,
        rttMs: () => (sent.answeredAtMs === null ? null : sent.answeredAtMs - sent.sentAtMs),
        isTooBigHere: () => sent.isTooBigHere,
      }
    },
    rest: (ms) => listenUntil(performance.now() + ms, () => false),
    wait: (echoes, timeoutMs, enough = () => false) =>
      listenUntil(
        performance.now() + timeoutMs,
        () => enough() || echoes.every((echo) => echo.rttMs() !== null || echo.isTooBigHere()),
      ),
    said: () => said,
    interfaceMtu: () => interfaceMtu,
    close: socket.close,
  }
}
