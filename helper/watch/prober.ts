import { randomInt } from 'node:crypto'
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { OURS } from '../../domain/ours.ts'
import { parseEcho, renderEcho } from './echo-message.ts'
import { type EchoReading, type EchoWindow, makeEchoWindow } from './echo-window.ts'

/** Where a tunnel's echo goes: from its own address to the bastion's, inside the tunnel. */
export type EchoTarget = { readonly name: string; readonly hostAddress: string; readonly bastionAddress: string }

export type Prober = {
  /** Follows the tunnels there are; those that stay keep their measurements. */
  readonly aimAt: (targets: readonly EchoTarget[]) => void
  /** Reading of one tunnel; `null` when it is not probed. */
  readonly read: (name: string) => EchoReading | null
  readonly close: () => void
}

type Probe = { readonly target: EchoTarget; readonly window: EchoWindow; readonly close: () => void }

const INTERVAL_MS = 200
const REBIND_MS = 500

const monotonicMs = (): number => performance.now()

const isFrom = ({ address, port }: RemoteInfo, target: EchoTarget): boolean =>
  address === target.bastionAddress && port === OURS.echoPort

/** Probes one tunnel five times a second until closed. A socket that fails (address not there yet) is made anew. */
const probe = (target: EchoTarget, onFirstEcho: () => void): Probe => {
  const window = makeEchoWindow()
  const session = randomInt(2 ** 32)
  let sequence = 0
  let hasAnswered = false
  let timer: NodeJS.Timeout | undefined
  let socket: Socket | null = null

  const send = (): void => {
    sequence = (sequence + 1) % 2 ** 32
    window.sent(sequence, monotonicMs())
    // A tunnel that cannot send (no handshake, no route) shows as loss.
    socket?.send(renderEcho(session, sequence), OURS.echoPort, target.bastionAddress, () => undefined)
  }

  const hear = (message: Buffer, from: RemoteInfo): void => {
    const answered = isFrom(from, target) ? parseEcho(message, session) : null
    if (answered === null || !window.returned(answered, monotonicMs()) || hasAnswered) return
    hasAnswered = true
    onFirstEcho()
  }

  const open = (): void => {
    const made = createSocket('udp4')
    socket = made
    made.on('message', hear)
    made.on('error', () => {
      made.close()
      if (socket !== made) return
      socket = null
      clearInterval(timer)
      timer = setTimeout(open, REBIND_MS)
    })
    made.bind(OURS.echoPort, target.hostAddress, () => {
      send()
      timer = setInterval(send, INTERVAL_MS)
    })
  }

  const close = (): void => {
    clearInterval(timer)
    const made = socket
    socket = null
    made?.close()
  }

  open()
  return { target, window, close }
}

const isSameTarget = (a: EchoTarget, b: EchoTarget | undefined): boolean =>
  a.hostAddress === b?.hostAddress && a.bastionAddress === b.bastionAddress

/**
 * Measures round trip and loss inside each tunnel by UDP echo: it takes the very path of the traffic, which neither a
 * handshake's age nor ICMP does. `onFirstEcho` is told when a tunnel first answers.
 */
export const makeProber = (onFirstEcho: () => void): Prober => {
  const probes = new Map<string, Probe>()
  const stop = (name: string): void => {
    probes.get(name)?.close()
    probes.delete(name)
  }
  return {
    aimAt: (targets) => {
      const wanted = new Map(targets.map((target) => [target.name, target]))
      for (const [name, { target }] of probes) if (!isSameTarget(target, wanted.get(name))) stop(name)
      for (const [name, target] of wanted) if (!probes.has(name)) probes.set(name, probe(target, onFirstEcho))
    },
    read: (name) => probes.get(name)?.window.read(monotonicMs()) ?? null,
    close: () => {
      for (const name of [...probes.keys()]) stop(name)
    },
  }
}
