import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** What tells one state of a file from the next: also when the text is as long as before. */
const markOf = async (path: string): Promise<string> => {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(path)
    return `${path} ${ino} ${size} ${mtimeMs} ${ctimeMs}`
  } catch {
    return `${path} -`
  }
}

/** Changes with any configuration file in `directory` (CONFIG: the user's own, and what it extends). Never throws. */
export const observeConfigurationMark = async (directory: string): Promise<string> => {
  const files = await readdir(directory).catch(() => [])
  const marks = files.filter((file) => /\.ya?ml$/.test(file)).map((file) => markOf(join(directory, file)))
  return (await Promise.all(marks)).toSorted().join('\n')
}
