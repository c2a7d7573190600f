import { writeFile } from 'node:fs/promises'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { resolvePaths } from '../../paths.ts'
import { openProfileFiles } from '../profile-files.ts'
import { TEXTS } from './texts.ts'

/*
 * A process of its own that writes the profile "lab" again and again until it is killed; it says so after each time.
 * `naive` writes as one would without a thought: the test must be able to see what that does.
 */

const files = openProfileFiles(resolvePaths())
const other = (text: string): string => (text === TEXTS[0] ? TEXTS[1] : TEXTS[0])

const naively = async (text: string): Promise<string> => {
  await writeFile(join(files.directory, 'lab.yaml'), other(text))
  return other(text)
}

let { text, revision } = await files.read('lab')
// It never ends in order, which is when Node.js keeps what it compiled.
flushCompileCache()
for (;;) {
  if (process.argv[2] === 'naive') text = await naively(text)
  else {
    revision = (await files.write('lab', other(text), revision)).revision
    text = other(text)
  }
  process.stdout.write('.')
}
