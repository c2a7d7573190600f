/*
 * A small writer of HCL, the language of Terraform's files.
 * @see https://developer.hashicorp.com/terraform/language/syntax/configuration
 * @see https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
 */

/** Text that stands as it is: `var.region`, `each.key == "b1"`. Only ever our own words, never a value. */
export type Expression = { readonly expression: string }
/** A text with expressions in it. */
export type Template = { readonly template: readonly (string | Expression)[] }

export type Hcl =
  | string
  | number
  | boolean
  | null
  | Expression
  | Template
  | readonly Hcl[]
  | { readonly map: Readonly<Record<string, Hcl>> }

type Attribute = { readonly name: string; readonly value: Hcl }

/** An attribute, a block, a comment, or an empty line. */
export type Entry =
  | Attribute
  | { readonly block: string; readonly labels?: readonly string[]; readonly body: readonly Entry[] }
  | { readonly comment: string }
  | 'gap'

const STEP = '  '
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_-]*$/
const HEREDOC_END = 'SCRIPT'

const CONTROLS: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const unicode = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** `${` and `%{` would begin an expression. Doubled they do not, unless the doubling meets another such sign. */
const escapeMarks = (text: string): string =>
  text.replaceAll(/([$%]+)\{/g, (_, signs: string) =>
    signs.length === 1 ? `${signs}${signs}{` : `${[...signs].map(unicode).join('')}{`,
  )

/** What stands between the quotes. Lone surrogates are no text; they become the replacement character. */
const escapeQuoted = (text: string): string =>
  escapeMarks(text.toWellFormed().replaceAll(/[\\"]/g, '\\$&')).replaceAll(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must be escaped
    /[\u0000-\u001f\u007f\u0085\u2028\u2029]/g,
    (character) => CONTROLS[character] ?? unicode(character),
  )

const renderPart = (part: string | Expression, toHcl: (text: string) => string): string =>
  typeof part === 'string' ? toHcl(part) : `\${${part.expression}}`

/** A sign that is text, right before an expression, would be taken for a doubled one. */
const apart = (text: string): string => text.replace(/[$%]+$/, (signs) => [...signs].map(unicode).join(''))

const quoted = (parts: readonly (string | Expression)[]): string =>
  `"${parts
    .map((part, at) => {
      const text = renderPart(part, escapeQuoted)
      return typeof part === 'string' && at < parts.length - 1 ? apart(text) : text
    })
    .join('')}"`

/** Whether a text of lines can stand as it is, for people to read: a heredoc knows no escapes but that of the marks. */
const fitsHeredoc = (parts: readonly (string | Expression)[]): boolean => {
  const text = parts.map((part) => (typeof part === 'string' ? part : 'x')).join('')
  return (
    text.includes('\n') &&
    text.endsWith('\n') &&
    text.isWellFormed() &&
    !/[$%]{2,}\{/.test(text) &&
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a heredoc could not hold them
    !/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/.test(text) &&
    !text.includes(HEREDOC_END) &&
    parts.every((part) => typeof part !== 'string' || !/[$%]$/.test(part))
  )
}

const heredoc = (parts: readonly (string | Expression)[]): string =>
  `<<${HEREDOC_END}\n${parts.map((part) => renderPart(part, escapeMarks)).join('')}${HEREDOC_END}`

/** The end of a heredoc has a line of its own, so that nothing may follow it, as it would in a list. */
const renderText = (parts: readonly (string | Expression)[], isAlone: boolean): string =>
  isAlone && fitsHeredoc(parts) ? heredoc(parts) : quoted(parts)

const renderKey = (key: string): string => (IDENTIFIER.test(key) ? key : quoted([key]))

const renderNumber = (value: number): string => {
  if (!Number.isFinite(value)) throw new Error(`HCL has no number ${value}`)
  return String(value)
}

const renderLines = (open: string, close: string, lines: readonly string[], indent: string): string =>
  lines.length === 0
    ? open + close
    : `${open}\n${lines.map((line) => `${indent}${STEP}${line}\n`).join('')}${indent}${close}`

const isList = (value: Hcl): value is readonly Hcl[] => Array.isArray(value)

/** A value as it is written, by the indentation of the line it begins on. `isAlone`: it ends that line. */
const renderValue = (value: Hcl, indent: string, isAlone = true): string => {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return renderNumber(value)
  if (typeof value === 'string') return renderText([value], isAlone)
  if (isList(value)) {
    const items = value.map((item) => renderValue(item, indent + STEP, false))
    const short = `[${items.join(', ')}]`
    return short.length < 80 && !short.includes('\n')
      ? short
      : renderLines(
          '[',
          ']',
          items.map((item) => `${item},`),
          indent,
        )
  }
  if ('expression' in value) return value.expression
  if ('template' in value) return renderText(value.template, isAlone)
  const pairs = Object.entries(value.map).map(([key, item]) => ({
    key: renderKey(key),
    value: renderValue(item, indent + STEP),
  }))
  return renderLines('{', '}', renderPairs(pairs), indent)
}

/** Whether the signs of an attribute and of its neighbours stand below each other, as "terraform fmt" has them. */
const isAligned = ({ value }: { readonly value: string }): boolean => !/^[[{(]$/m.test(value.split('\n')[0] ?? '')

/** Names and values, a line or more each; the signs of neighbours stand below each other. */
const renderPairs = (pairs: readonly { readonly key: string; readonly value: string }[]): string[] => {
  const rows: { key: string; value: string; width: number }[] = []
  let run: typeof rows = []
  const close = (): void => {
    const width = Math.max(0, ...run.map(({ key }) => key.length))
    for (const row of run) row.width = width
    run = []
  }
  for (const { key, value } of pairs) {
    const row = { key, value, width: key.length }
    rows.push(row)
    if (!isAligned(row)) close()
    else run.push(row)
    if (value.includes('\n')) close()
  }
  close()
  return rows.map(({ key, value, width }) => `${key.padEnd(width)} = ${value}`)
}

const renderEntry = (entry: Exclude<Entry, Attribute>, indent: string): string => {
  if (entry === 'gap') return '\n'
  if ('comment' in entry)
    return entry.comment
      .split('\n')
      .map((line) => `${indent}# ${line}\n`)
      .join('')
  const head = [entry.block, ...(entry.labels ?? []).map((label) => quoted([label]))].join(' ')
  if (entry.body.length === 0) return `${indent}${head} {}\n`
  return `${indent}${head} {\n${renderEntries(entry.body, indent + STEP)}${indent}}\n`
}

const isAttribute = (entry: Entry): entry is Attribute => entry !== 'gap' && 'name' in entry

const renderEntries = (entries: readonly Entry[], indent: string): string => {
  const first = entries.findIndex(isAttribute)
  if (first < 0) return entries.map((entry) => (isAttribute(entry) ? '' : renderEntry(entry, indent))).join('')
  const length = entries.slice(first).findIndex((entry) => !isAttribute(entry))
  const end = length < 0 ? entries.length : first + length
  const pairs = entries
    .slice(first, end)
    .filter(isAttribute)
    .map(({ name, value }) => ({ key: name, value: renderValue(value, indent) }))
  return [
    renderEntries(entries.slice(0, first), indent),
    ...renderPairs(pairs).map((line) => `${indent}${line}\n`),
    renderEntries(entries.slice(end), indent),
  ].join('')
}

/** A file of HCL: what is parsed from it are the values that went in. @throws Error for a number that is none. */
export const renderHcl = (entries: readonly Entry[]): string => renderEntries(entries, '')

/** Our own words, as they stand. */
export const expression = (text: string): Expression => ({ expression: text })
