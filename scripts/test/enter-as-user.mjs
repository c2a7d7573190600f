import { execFileSync, spawn } from 'node:child_process'
import { constants } from 'node:os'

/** Runs inside a mount namespace of its own: binds the clone, drops all rights, and does the command. */
const [root = '', clone = '', uid = '', gid = '', ...command] = process.argv.slice(2)
execFileSync('mount', ['--bind', root, clone])
const child = spawn('setpriv', [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...command], {
  cwd: clone,
  stdio: 'inherit',
})
// A signal to our group has reached the child as well: wait for its end instead of leaving before it.
for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => {})
child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(127)
})
