import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../setup/set-up.mjs'
import { generatedFiles } from './generated-files.mjs'

for (const { path, text } of generatedFiles()) {
  writeFileSync(join(ROOT, path), text)
  process.stdout.write(`${path}\n`)
}
