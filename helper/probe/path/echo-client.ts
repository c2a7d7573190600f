import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:dgram'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { parseAnswer, renderQuestion, TOKEN_BYTES } from '../echo-message.ts'
import { type Refusal, takeRefusals } from '../error-queue.ts'
import { openUnfragmented } from '../udp-socket.ts'

/** A question that was sent, or that this host refused to send. */
export type Echo = {
  readonly packetBytes: number
  readonly rttMs: () => number | null
  readonly isTooBigHere: () => boolean
}

export type EchoClient = {
  /** Asks by an IP packet of this size, which is not fragmented. */
  readonly send: (packetBytes: number) => Echo
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
const LOOK_MS = 5

type Sent = { sentAtMs: number; answeredAtMs: number | null; isTooBigHere: boolean }

const connected = (socket: Socket, address: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.connect(port, address, (error?: Error | null) => (error ? reject(error) : resolve()))
  })

/**
 * Asks one host for echoes by UDP.
 * @throws MoleError `not-available`; an error of the system (ENETUNREACH, EHOSTUNREACH, EACCES) where there is no route.
 */
export const openEchoClient = async (address: string, port: number): Promise<EchoClient> => {
  const { socket, fd } = openUnfragmented(null)
  const token = randomBytes(TOKEN_BYTES)
  const bySequence = new Map<number, Sent>()
  const said: Refusal[] = []
  let interfaceMtu: number | null = null
  let sequence = 0

  const hearRefusals = (): void => {
    for (const refusal of takeRefusals(fd)) {
      if (refusal.saidBy !== null) said.push(refusal)
      else if (refusal.errno === EMSGSIZE) interfaceMtu = refusal.mtuBytes
    }
  }
  socket.on('error', hearRefusals)
  socket.on('message', (bytes) => {
    const atMs = performance.now()
    const answer = parseAnswer(bytes, token)
    const sent = answer === null ? undefined : bySequence.get(answer.sequence)
    if (sent !== undefined) sent.answeredAtMs ??= atMs
  })
  try {
    await connected(socket, address, port)
  } catch (error) {
    socket.close()
    throw error
  }

  const transmit = (packetBytes: number, number: number, sent: Sent, triesLeft: number): void => {
    sent.sentAtMs = performance.now()
    socket.send(renderQuestion(token, number, packetBytes), (error) => {
      if (error === null) return
      hearRefusals()
      if (interfaceMtu !== null && packetBytes > interfaceMtu) sent.isTooBigHere = true
      else if (triesLeft > 0) transmit(packetBytes, number, sent, triesLeft - 1)
    })
  }

  return {
    send: (packetBytes) => {
      const sent: Sent = { sentAtMs: 0, answeredAtMs: null, isTooBigHere: false }
      sequence += 1
      bySequence.set(sequence, sent)
      transmit(packetBytes, sequence, sent, TRIES)
      return {
        packetBytes,
        rttMs: () => (sent.answeredAtMs === null ? null : sent.answeredAtMs - sent.sentAtMs),
        isTooBigHere: () => sent.isTooBigHere,
      }
    },
    wait: async (echoes, timeoutMs, enough = () => false) => {
      const untilMs = performance.now() + timeoutMs
      const isOver = (): boolean => enough() || echoes.every((echo) => echo.rttMs() !== null || echo.isTooBigHere())
      // What was refused here is known in this very turn of the event loop.
      await turn()
      while (!isOver() && performance.now() < untilMs) await sleep(LOOK_MS)
      // A timer that is late runs before what has arrived meanwhile is read.
      await turn()
      await turn()
    },
    said: () => said,
    interfaceMtu: () => interfaceMtu,
    close: () => socket.close(),
  }
}
