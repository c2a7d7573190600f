type Line = { readonly indent: number; readonly name: string }

/** The name that a line begins with, and how far it is indented; `null` when it begins with none. */
export const readLine = (line: string): Line | null => {
  const [, indent = '', name] = /^( *)([A-Za-z_]+) *:/.exec(line) ?? []
  return name === undefined ? null : { indent: indent.length, name }
}

/** The section a line with this indentation is in, by the lines above it. */
export const sectionAbove = (lines: readonly string[], indent: number): string => {
  const names: string[] = []
  let below = indent
  for (const line of lines.map(readLine).toReversed()) {
    if (line === null || line.indent >= below) continue
    names.unshift(line.name)
    below = line.indent
  }
  return below === 0 ? names.join('.') : ''
}

/** Entries of a list may stand as far left as the key they belong to. */
const depthOf = (line: string): number => /^ */.exec(line)?.[0].length ?? 0
const isEntry = (line: string): boolean => /^ *-( |$)/.test(line)

/** The dotted path of the key or section that an offset of a document is in; `null` at the margin and in what is no YAML of ours. */
export const pathAt = (text: string, offset: number): string | null => {
  const above = text.slice(0, offset).split('\n')
  const before = above.slice(0, -1)
  const line = text.split('\n', above.length).at(-1) ?? ''
  const here = readLine(line)
  const section = sectionAbove(before, here?.indent ?? depthOf(line) + (isEntry(line) ? 1 : 0))
  if (here === null) return section === '' ? null : section
  if (section === '') return here.indent === 0 ? here.name : null
  return `${section}.${here.name}`
}
