import { randomInt } from 'node:crypto'
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import type { Probe } from '../../domain/carriage.ts'
import { OURS } from '../../domain/ours.ts'
import { makePathHealth, type PathHealth, type Verdict } from '../failover/path-health.ts'
import { parseEcho, renderEcho } from './echo-message.ts'
import { type EchoReading, makeEchoWindow } from './echo-window.ts'

/** Where a tunnel's echo goes: from its own address to the bastion's, inside the tunnel. */
export type EchoTarget = { readonly name: string; readonly hostAddress: string; readonly bastionAddress: string }

export type Prober = {
  /** Follows the tunnels there are; those that stay keep their measurements. `isDead`: how a new one begins. */
  readonly aimAt: (targets: readonly EchoTarget[], isDead: (name: string) => boolean) => void
  /** Reading of one tunnel; `null` when it is not probed. */
  readonly read: (name: string) => (EchoReading & { readonly verdict: Verdict }) | null
  readonly pathOf: (name: string) => PathHealth | null
  readonly close: () => void
}

export type ProberParts = {
  /** How often, from now on. */
  readonly probe: () => Probe
  /** A tunnel answered for the first time. */
  readonly onFirstEcho: () => void
  /** The health of a path may be another than it was. */
  readonly onStir: () => void
}

type Following = {
  readonly target: EchoTarget
  readonly path: PathHealth
  readonly read: () => EchoReading
  readonly close: () => void
}

const REBIND_MS = 500
/** Until the socket is there. */
const SOCKET_WAIT_MS = 5

const monotonicMs = (): number => performance.now()

const isFrom = ({ address, port }: RemoteInfo, target: EchoTarget): boolean =>
  address === target.bastionAddress && port === OURS.echoPort

/** A socket on the tunnel's own address; made anew when it fails (the address is not there yet, or has gone). */
const openEchoSocket = (
  target: EchoTarget,
  onMessage: (message: Buffer, from: RemoteInfo) => void,
): { readonly isOpen: () => boolean; readonly send: (message: Buffer) => void; readonly close: () => void } => {
  let socket: Socket | null = null
  let timer: NodeJS.Timeout | undefined
  const open = (): void => {
    const made = createSocket('udp4')
    made.on('message', onMessage)
    made.on('listening', () => {
      socket = made
    })
    made.on('error', () => {
      made.close()
      socket = null
      timer = setTimeout(open, REBIND_MS)
    })
    made.bind(OURS.echoPort, target.hostAddress)
    close = () => made.close()
  }
  let close: () => void = () => undefined
  open()
  return {
    isOpen: () => socket !== null,
    // A tunnel that cannot send (no handshake, no route) shows as loss.
    send: (message) => socket?.send(message, OURS.echoPort, target.bastionAddress, () => undefined),
    close: () => {
      clearTimeout(timer)
      socket = null
      try {
        close()
      } catch {
        // It has failed, and was closed.
      }
    },
  }
}

/** Probes one tunnel until closed. */
const follow = (
  target: EchoTarget,
  begin: 'unknown' | 'dead',
  { probe, onFirstEcho, onStir }: ProberParts,
): Following => {
  const window = makeEchoWindow()
  const path = makePathHealth({ probe, begin })
  const session = randomInt(2 ** 32)
  let told: Verdict = path.verdict()
  let hasAnswered = false
  let timer: NodeJS.Timeout | undefined
  let turn: NodeJS.Immediate | undefined

  const stir = (): void => {
    const verdict = path.verdict()
    // A dead path may have become fit, or its time may be over.
    if (verdict === told && verdict !== 'dead') return
    told = verdict
    onStir()
  }

  const hear = (message: Buffer, from: RemoteInfo): void => {
    const sequence = isFrom(from, target) ? parseEcho(message, session) : null
    if (sequence === null || !window.returned(sequence, monotonicMs())) return
    path.answered(sequence, monotonicMs())
    stir()
    if (!hasAnswered) onFirstEcho()
    hasAnswered = true
  }

  const socket = openEchoSocket(target, hear)

  const attend = (): void => {
    // Where nothing can be asked nothing is learned.
    if (!socket.isOpen()) {
      timer = setTimeout(wake, SOCKET_WAIT_MS)
      return
    }
    const nowMs = monotonicMs()
    const { send, waitMs } = path.attend(nowMs)
    if (send !== null) {
      window.sent(send, nowMs)
      socket.send(renderEcho(session, send))
    }
    timer = setTimeout(wake, waitMs)
    stir()
  }

  /** Timers run before the poll for what has arrived, immediates after it: nothing is missed that only was not read yet. */
  const wake = (): void => {
    turn = setImmediate(attend)
  }

  wake()
  return {
    target,
    path,
    read: () => window.read(monotonicMs()),
    close: () => {
      clearTimeout(timer)
      clearImmediate(turn)
      socket.close()
    },
  }
}

const isSameTarget = (a: EchoTarget, b: EchoTarget | undefined): boolean =>
  a.hostAddress === b?.hostAddress && a.bastionAddress === b.bastionAddress

/**
 * Measures round trip and loss inside each tunnel by UDP echo, and judges from it whether its path lives: it takes the very
 * path of the traffic, which neither a handshake's age nor ICMP does.
 */
export const makeProber = (parts: ProberParts): Prober => {
  const followed = new Map<string, Following>()
  const stop = (name: string): void => {
    followed.get(name)?.close()
    followed.delete(name)
  }
  return {
    aimAt: (targets, isDead) => {
      const wanted = new Map(targets.map((target) => [target.name, target]))
      for (const [name, { target }] of followed) if (!isSameTarget(target, wanted.get(name))) stop(name)
      for (const [name, target] of wanted)
        if (!followed.has(name)) followed.set(name, follow(target, isDead(name) ? 'dead' : 'unknown', parts))
    },
    read: (name) => {
      const one = followed.get(name)
      return one === undefined ? null : { ...one.read(), verdict: one.path.verdict() }
    },
    pathOf: (name) => followed.get(name)?.path ?? null,
    close: () => {
      for (const name of [...followed.keys()]) stop(name)
    },
  }
}
