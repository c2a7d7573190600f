/** U+2581 … U+2588, an eighth of a cell each; the first is for "next to nothing". */
const BARS = '▁▂▃▄▅▆▇█'

/**
 * The last `width` values as bars of one cell each, scaled to the largest of them. Never blank where something was
 * measured, so that "nothing flows" looks different from "nothing known".
 */
export const renderSparkline = (values: readonly number[], width: number): string => {
  const shown = values.slice(-width)
  const most = Math.max(...shown, 0)
  const bar = (value: number): string => BARS[most === 0 ? 0 : Math.round((value / most) * (BARS.length - 1))] ?? ''
  return shown.map(bar).join('').padStart(width)
}
