import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

export type Bounds = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

const Saved = z.strictObject({
  bounds: z.strictObject({
    x: z.int(),
    y: z.int(),
    width: z.int().min(200).max(20_000),
    height: z.int().min(200).max(20_000),
  }),
  isMaximized: z.boolean(),
})
export type WindowState = z.infer<typeof Saved>

/** As much of the title bar as one can still take hold of. */
const GRIP_PIXELS = 100

const overlap = (from: number, length: number, otherFrom: number, otherLength: number): number =>
  Math.min(from + length, otherFrom + otherLength) - Math.max(from, otherFrom)

const isReachable = ({ x, y, width }: Bounds, screen: Bounds): boolean =>
  overlap(x, width, screen.x, screen.width) >= GRIP_PIXELS &&
  y >= screen.y &&
  y < screen.y + screen.height - GRIP_PIXELS

/** Where the window was last, unless that is on a screen that is gone; `null` for the default place. */
export const readWindowState = (path: string, screens: readonly Bounds[]): WindowState | null => {
  try {
    const saved = Saved.parse(JSON.parse(readFileSync(path, 'utf8')))
    return screens.some((screen) => isReachable(saved.bounds, screen)) ? saved : null
  } catch {
    // Missing, damaged or of another version: the default place will do.
    return null
  }
}

export const writeWindowState = (path: string, state: WindowState): void => {
  try {
    writeFileSync(path, JSON.stringify(state), { mode: 0o600 })
  } catch {
    // A full disk must not keep a window from closing.
  }
}
