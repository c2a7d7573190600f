import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [input] Given on stdin; without it stdin is empty.
 * @property {number} [timeoutMs] After this the program and its children are ended.
 * @property {boolean} [foreground] Shares our terminal and process group: it may ask, and Ctrl-C reaches it directly.
 * @property {boolean} [showOutput] Writes to our stdout and stderr as it goes instead of keeping it.
 */

/** @typedef {{ code: number, output: string, timedOut: boolean }} Outcome `code` 127: the program is not there. */

/** @type {Map<import('node:child_process').ChildProcess, boolean>} Running children, and whether each leads a group. */
const running = new Map()

/** @type {NodeJS.Signals[]} */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal @param {boolean} group */
const send = (child, signal, group) => {
  if (child.pid === undefined) return
  try {
    process.kill(group ? -child.pid : child.pid, signal)
  } catch {
    // It has ended in the meantime.
  }
}

/** @param {NodeJS.Signals} signal */
const endAll = (signal) => {
  for (const [child, group] of running) {
    // A terminal's Ctrl-C has reached a foreground program already; a second one would be a second wish.
    if (group || signal !== 'SIGINT') send(child, signal === 'SIGHUP' ? 'SIGTERM' : signal, group)
  }
}

let ending = false
/** @param {NodeJS.Signals} signal */
const onSignal = (signal) => {
  const code = 128 + constants.signals[signal]
  if (ending || running.size === 0) process.exit(code)
  ending = true
  process.exitCode = code
  endAll(signal)
  setTimeout(() => {
    for (const [child, group] of running) send(child, 'SIGKILL', group)
    process.exit(code)
  }, 10_000).unref()
}

/** Whether a signal has asked this process to end; nothing new is to be started then. */
export const isEnding = () => ending

for (const signal of ENDING) process.on(signal, () => onSignal(signal))

/** npm does not pass a SIGTERM on: when whoever called us is gone, we end as if it had reached us. */
export const endWithCaller = () => {
  const caller = process.ppid
  setInterval(() => {
    if (process.ppid !== caller) onSignal('SIGTERM')
  }, 500).unref()
}

/**
 * Runs a program to its end. Never throws: an absent program is code 127, a killed one 128 + the signal.
 * Programs that do not share our terminal lead a process group of their own, so that nothing they started outlives them.
 * @param {string} program @param {readonly string[]} argv @param {RunOptions} [options]
 * @returns {Promise<Outcome>}
 */
export const run = (program, argv, options = {}) =>
  new Promise((resolve) => {
    const group = options.foreground !== true && process.platform !== 'win32'
    const visible = options.foreground === true || options.showOutput === true
    const child = spawn(program, argv, {
      cwd: options.cwd,
      // What is kept is shown later, perhaps in a file: without colours.
      env: { ...(options.env ?? process.env), ...(visible ? {} : { NO_COLOR: '1' }) },
      detached: group,
      stdio: [
        options.foreground ? 'inherit' : options.input === undefined ? 'ignore' : 'pipe',
        visible ? 'inherit' : 'pipe',
        visible ? 'inherit' : 'pipe',
      ],
    })
    running.set(child, group)
    let output = ''
    let timedOut = false
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        output += text
      })
    }
    child.stdin?.on('error', () => {}).end(options.input)
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true
            send(child, 'SIGKILL', group)
          }, options.timeoutMs)
    /** @param {number} code */
    const settle = (code) => {
      clearTimeout(timer)
      running.delete(child)
      if (ending && running.size === 0) process.exit()
      resolve({ code, output, timedOut })
    }
    child.on('error', (error) => {
      output += error.message
      settle(127)
    })
    child.on('close', (code, signal) => settle(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
  })
