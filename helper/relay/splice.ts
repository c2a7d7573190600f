import type { Socket } from 'node:net'

/** Seconds of silence after which a far end is asked whether it is still there (`tcp(7)`). */
const KEEPALIVE_MS = 60_000

/**
 * Carries bytes both ways until both directions have ended. Each waits for the other's reader (back-pressure), one direction may
 * end before the other (half-close), and what breaks on one side breaks on the other.
 */
export const splice = (near: Socket, far: Socket): void => {
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    one.setNoDelay(true)
    one.setKeepAlive(true, KEEPALIVE_MS)
    one.on('error', () => other.resetAndDestroy())
    one.on('close', () => {
      // Ended well, it has ended the other's direction before; else nothing more can come.
      if (!one.readableEnded && !other.destroyed) other.resetAndDestroy()
    })
    one.pipe(other)
  }
}
