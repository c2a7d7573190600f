import { renderPacket, wallMs } from './flow-packet.ts'

type Flow = { readonly flow: number; readonly of: number; readonly intervalMs: number }

/** Sends at its own times, counted from the start: a late timer delays one packet and not all that follow. */
export const pace = ({ flow, of, intervalMs }: Flow, send: (packet: Buffer) => void): void => {
  const startMs = performance.now() + (intervalMs * flow) / of
  let sequence = 0
  const turn = (): void => {
    while (startMs + sequence * intervalMs <= performance.now()) {
      send(renderPacket({ flow, sequence, sentMs: wallMs() }))
      sequence += 1
    }
    setTimeout(turn, Math.max(0, startMs + sequence * intervalMs - performance.now()))
  }
  turn()
}
