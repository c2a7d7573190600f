import type { ChildProcess } from 'node:child_process'
import type { Runner } from './run.ts'

/** What a child has said since it was asked, and on stderr; `lines` is how many lines it had been given before. */
export type Said = { readonly said: string; readonly complained: string; readonly lines: number }

/** A waiting `ip … -batch -`: it takes its lines in a millisecond, where a process of its own takes five to ten. */
export type IpChild = {
  /**
   * Gives it lines, and resolves with what `answerOf` makes of what it says, as soon as that is not `undefined`. One call at a
   * time. @throws Error when it has gone, or does not answer; the next call has another child.
   */
  readonly converse: <T>(lines: readonly string[], answerOf: (said: Said) => T | undefined) => Promise<T>
  /** Starts it, so that the first lines need not wait. */
  readonly ready: () => void
  readonly close: () => void
}

type Child = { readonly process: ChildProcess; lines: number }

/** Started with `argv`, when it is needed. One that says nothing for `patienceMs` is given up. */
export const openIpChild = (runner: Runner, argv: readonly string[], patienceMs: number): IpChild => {
  let child: Child | null = null

  const discard = (): void => {
    child?.process.kill('SIGKILL')
    child = null
  }

  /** It ends with the helper, however that ends. */
  const start = (): Child => {
    const started = runner.start('setpriv', ['--pdeathsig', 'KILL', '--', runner.pathOf('ip'), ...argv], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const made: Child = { process: started, lines: 0 }
    const forget = (): void => {
      if (child === made) child = null
    }
    started.once('exit', forget).once('error', forget)
    // A child that has gone is noticed by its silence.
    started.stdin?.on('error', () => undefined)
    for (const stream of [started.stdout, started.stderr]) stream?.setEncoding('utf8')
    return made
  }

  /** Both streams are unbuffered here: what it says of a line comes before it reads the next. */
  const talk = <T>(with_: Child, lines: readonly string[], answerOf: (said: Said) => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const { stdin, stdout, stderr } = with_.process
      let [said, complained] = ['', '']
      const before = with_.lines
      const finish = (settle: () => void): void => {
        clearTimeout(timer)
        stdout?.off('data', onSaid)
        stderr?.off('data', onComplained)
        with_.process.off('exit', onExit).off('error', onExit)
        settle()
      }
      const listen = (): void => {
        const answer = answerOf({ said, complained, lines: before })
        if (answer !== undefined) finish(() => resolve(answer))
      }
      const onSaid = (text: string): void => {
        said += text
        listen()
      }
      const onComplained = (text: string): void => {
        complained += text
        listen()
      }
      const onExit = (): void => finish(() => reject(new Error('"ip" has ended')))
      const timer = setTimeout(() => finish(() => reject(new Error('"ip" does not answer'))), patienceMs)
      stdout?.on('data', onSaid)
      stderr?.on('data', onComplained)
      with_.process.once('exit', onExit).once('error', onExit)
      with_.lines += lines.length
      stdin?.write(`${lines.join('\n')}\n`)
    })

  return {
    converse: async (lines, answerOf) => {
      try {
        child ??= start()
        return await talk(child, lines, answerOf)
      } catch (error) {
        discard()
        throw error
      }
    },
    ready: () => {
      try {
        child ??= start()
      } catch {
        // Without it each conversation is a process of its own.
      }
    },
    close: discard,
  }
}
