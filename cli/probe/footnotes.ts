import { renderSource } from '../../domain/probe/describe.ts'
import type { Source } from '../../domain/probe/figure.ts'
import { plainText } from '../plain-text.ts'

/** Where the numbers of a text come from, each said once at its end. */
export type Footnotes = {
  /** ` [2]`: the mark of these sources, to be put behind a number. */
  mark(...sources: readonly Source[]): string
  /** `[1] measured … by iperf3 3.12: …`, a line each. */
  lines(): string[]
}

export const openFootnotes = (): Footnotes => {
  const known: string[] = []
  const numberOf = (source: Source): number => {
    const text = plainText(renderSource(source))
    if (!known.includes(text)) known.push(text)
    return known.indexOf(text) + 1
  }
  return {
    mark: (...sources) => {
      const numbers = [...new Set(sources.map(numberOf))]
      return numbers.length === 0 ? '' : ` [${numbers.join(', ')}]`
    },
    lines: () => known.map((text, index) => `[${index + 1}] ${text}`),
  }
}
