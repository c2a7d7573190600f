import { setTimeout as sleep } from 'node:timers/promises'
import type { System } from './system.ts'

/**
 * Every `wireguard-go` hears of every change of a link or address here. One that cannot read as fast as changes come loses a
 * message (ENOBUFS, `netlink(7)`), takes its own interface for broken, and ends: of 64 that were brought up at once some did.
 */
const CHANGES_AT_ONCE = 24
/** A queue holds some 200 KiB (`net.core.rmem_default`); so much may wait in it when more is done. */
const ROOM_BYTES = 32 * 1024
const POLL_MS = 5
/** Somebody else's listener may be stopped for good. */
const PATIENCE_LOOKS = 40

/** The fullest queue of `/proc/net/netlink`, bytes: column `Rmem`. Pure. */
export const fullestQueue = (text: string): number =>
  Math.max(0, ...text.split('\n').map((line) => Number(/^\S+\s+0\s+\S+\s+\S+\s+(\d+)\s/.exec(line)?.[1] ?? 0)))

/** Whether everybody hears of what a line of `ip` does. */
const isHeard = (line: string): boolean => /^(link|address) /.test(line)

/** Lines of `ip` in their order, in pieces that no listener is overrun by. Pure. */
export const inPieces = (lines: readonly string[]): string[][] => {
  const pieces: string[][] = [[]]
  let heard = 0
  for (const line of lines) {
    if (isHeard(line) && heard === CHANGES_AT_ONCE) {
      pieces.push([])
      heard = 0
    }
    if (isHeard(line)) heard += 1
    pieces.at(-1)?.push(line)
  }
  return pieces
}

/** Resolves when all listeners have read what there was to hear, or none of those behind has read for a while. */
export const allHeard = async ({ read }: Pick<System, 'read'>): Promise<void> => {
  let [least, still] = [Number.POSITIVE_INFINITY, 0]
  while (still < PATIENCE_LOOKS) {
    const fullest = fullestQueue(read('/proc/net/netlink') ?? '')
    if (fullest <= ROOM_BYTES) return
    still = fullest < least ? 0 : still + 1
    least = Math.min(least, fullest)
    await sleep(POLL_MS)
  }
}
