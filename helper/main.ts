import { readFileSync } from 'node:fs'
import { MoleError } from '../contract/errors.ts'
import { parseArguments } from './arguments.ts'
import { makeAudit } from './audit.ts'
import { startHelper } from './start.ts'

/** From source this file is `helper/main.ts`, built it is `dist/helper/main.js`. */
const packageFile = new URL(import.meta.url.endsWith('.ts') ? '../package.json' : '../../package.json', import.meta.url)
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }

const explain = (error: unknown): string =>
  error instanceof MoleError
    ? [error.message, error.data.meaning, error.data.nextStep].filter(Boolean).join(' ')
    : String((error as Error).stack ?? error)

const fail = (error: unknown): never => {
  const outcome = error instanceof MoleError ? error.code : 'internal'
  makeAudit((text) => process.stderr.write(text))({ event: 'start', outcome, detail: explain(error) })
  process.exit(1)
}

// A full disk, or a reader that has gone, costs lines of the log; it must not cost the helper.
process.stderr.on('error', () => undefined)

try {
  const stop = await startHelper(parseArguments(process.argv.slice(2)), version)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      stop()
      process.exit(0)
    })
  }
} catch (error) {
  fail(error)
}
