import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../engine/paths.ts'
import { runCommandLine } from './run.ts'
import { thisWorld } from './this-world.ts'

const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }

// A reader that has seen enough (`mole status | head -1`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
// Progress that nobody reads any more must not end what it tells of.
process.stderr.on('error', () => {})

const world = thisWorld(version)
const code = await runCommandLine(process.argv.slice(2), world, version)
world.close()
// Pipes and files are written synchronously on Linux and macOS (process I/O in Node's manual), so nothing is lost.
process.exit(code)
