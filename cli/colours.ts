/** Colours are added only where `world.hasColour` says so: a terminal, and NO_COLOR (no-color.org) not set. */
export type Colours = Readonly<Record<'red' | 'green' | 'yellow' | 'dim' | 'bold', (text: string) => string>>

const paint =
  (enabled: boolean, on: number, off: number) =>
  (text: string): string =>
    enabled ? `\u001b[${on}m${text}\u001b[${off}m` : text

export const colours = (enabled: boolean): Colours => ({
  red: paint(enabled, 31, 39),
  green: paint(enabled, 32, 39),
  yellow: paint(enabled, 33, 39),
  dim: paint(enabled, 2, 22),
  bold: paint(enabled, 1, 22),
})
