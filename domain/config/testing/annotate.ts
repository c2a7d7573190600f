/** Where a line of a rendered document stands: the path of the key or section in it, `null` when it has none. */
const followPaths = (): ((line: string) => string | null) => {
  const names: string[] = []
  return (line) => {
    const [, indent = '', name] = /^( *)([a-z_]+):/.exec(line) ?? []
    if (name === undefined) return null
    names.splice(indent.length / 2, names.length, name)
    return names.join('.')
  }
}

/** A rendered document with a comment above each key and each section, and one behind its value, naming the key. */
export const annotate = (text: string): string => {
  const pathOf = followPaths()
  return text
    .split('\n')
    .flatMap((line) => {
      const path = pathOf(line)
      if (path === null) return [line]
      const [indent = ''] = /^ */.exec(line) ?? []
      return [`${indent}# above ${path}`, `${line}  # behind ${path}`]
    })
    .join('\n')
}
