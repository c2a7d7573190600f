import { renderSource } from '../describe.ts'
import type { Source } from '../figure.ts'
import { html, type Markup } from './markup.ts'

/** Collects where figures come from while a page is written, and numbers them. */
export type SourceBook = {
  /** A mark beside a figure: its number in the list, and a word where it was not measured. */
  mark(from: Source): Markup
  /** The list, at the end of the page. */
  list(): Markup
}

export const openSourceBook = (): SourceBook => {
  const known: string[] = []
  const numberOf = (text: string): number => {
    const at = known.indexOf(text)
    return at < 0 ? known.push(text) : at + 1
  }
  return {
    mark(from) {
      const number = numberOf(renderSource(from))
      const kind = from.kind === 'measured' ? null : html` <em class="kind">${from.kind}</em>`
      return html`${kind}<sup><a href="#source-${number}">${number}</a></sup>`
    },
    list: () =>
      html`<ol class="sources">${known.map((text, at) => html`<li id="source-${at + 1}">${text}</li>\n`)}</ol>`,
  }
}
