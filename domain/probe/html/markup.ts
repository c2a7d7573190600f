/** Text that is HTML already. Everything else is escaped when it comes into a page. */
export type Markup = { readonly markup: string }

type Piece = Markup | readonly Piece[] | string | number | null

/** Text as it may stand between tags and in quoted attributes (HTML standard, 13.1.2). */
const escaped = (text: string): string => text.replaceAll(/[&<>"'`]/g, (letter) => `&#${letter.codePointAt(0)};`)

const textOf = (piece: Piece): string => {
  if (piece === null) return ''
  if (typeof piece === 'string' || typeof piece === 'number') return escaped(String(piece))
  return 'markup' in piece ? piece.markup : piece.map(textOf).join('')
}

/** A template whose every value is escaped, unless it is such a template itself; `null` is nothing. */
export const html = (parts: TemplateStringsArray, ...values: readonly Piece[]): Markup => ({
  markup: parts.map((part, at) => `${part}${at < values.length ? textOf(values[at] ?? null) : ''}`).join(''),
})

export const NOTHING: Markup = { markup: '' }
