import type { ChildProcess } from 'node:child_process'
import { OURS } from '../../domain/ours.ts'
import { readGroup } from '../observe/routing.ts'
import type { Runner } from '../run.ts'

/** Tunnels (lane numbers) in the next-hop group; `null` where there is no group, or it could not be asked for. */
export type GroupNow = readonly number[] | null

/** An `ip -force -batch -` that waits for its lines: a change takes one or two milliseconds, where a process takes five. */
export type IpPipe = {
  /** Runs lines, whatever becomes of each, and gives the group as it is afterwards. One call at a time. */
  readonly run: (lines: readonly string[]) => Promise<GroupNow>
  /** Starts the child, so that the first lines need not wait for it. */
  readonly ready: () => void
  readonly close: () => void
}

const ASK = `nexthop get id ${OURS.nexthopGroup}`
/** Longer than this the child is stuck: another one is started. */
const PATIENCE_MS = 500
const ARGV = ['-force', '-batch', '-']

/** Reads what `nexthop get` says of the group, `id 771000 group 770001/770003,2 proto 177`. Pure. */
export const parseGroup = (text: string): GroupNow => {
  const members = new RegExp(`^id ${OURS.nexthopGroup} group ([0-9/,]+)`, 'm').exec(text)?.[1]
  if (members === undefined) return null
  const group = members.split('/').map((member) => ({ id: Number(member.split(',')[0]) }))
  return readGroup([{ id: OURS.nexthopGroup, group }])
}

/** A child and the number of its next line, counted from 1. */
type Child = { readonly process: ChildProcess; line: number }

export const openIpPipe = (runner: Runner, patienceMs = PATIENCE_MS): IpPipe => {
  let child: Child | null = null

  const discard = (): void => {
    child?.process.kill('SIGKILL')
    child = null
  }

  /** It ends with the helper, however that ends. */
  const start = (): Child => {
    const started = runner.start('setpriv', ['--pdeathsig', 'KILL', '--', runner.pathOf('ip'), ...ARGV], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const made: Child = { process: started, line: 1 }
    const forget = (): void => {
      if (child === made) child = null
    }
    started.once('exit', forget).once('error', forget)
    // A child that has gone is noticed by its silence.
    started.stdin?.on('error', () => undefined)
    for (const stream of [started.stdout, started.stderr]) stream?.setEncoding('utf8')
    return made
  }

  /** Both streams are unbuffered here: an answer, or the refusal of the very line that asked. */
  const converse = (with_: Child, lines: readonly string[]): Promise<GroupNow> =>
    new Promise((resolve, reject) => {
      const { stdin, stdout, stderr } = with_.process
      const refusal = `Command failed -:${with_.line + lines.length}\n`
      let [said, complained] = ['', '']
      const finish = (settle: () => void): void => {
        clearTimeout(timer)
        stdout?.off('data', onSaid)
        stderr?.off('data', onComplained)
        with_.process.off('exit', onExit)
        settle()
      }
      const onSaid = (text: string): void => {
        said += text
        if (said.includes('\n')) finish(() => resolve(parseGroup(said)))
      }
      const onComplained = (text: string): void => {
        complained += text
        if (complained.includes(refusal)) finish(() => resolve(null))
      }
      const onExit = (): void => finish(() => reject(new Error('"ip" has ended')))
      const timer = setTimeout(() => finish(() => reject(new Error('"ip" does not answer'))), patienceMs)
      stdout?.on('data', onSaid)
      stderr?.on('data', onComplained)
      with_.process.once('exit', onExit)
      with_.line += lines.length + 1
      stdin?.write(`${[...lines, ASK].join('\n')}\n`)
    })

  const runAlone = async (lines: readonly string[]): Promise<GroupNow> => {
    const { stdout } = await runner.run('ip', ARGV, { input: `${[...lines, ASK].join('\n')}\n` })
    return parseGroup(stdout)
  }

  return {
    run: async (lines) => {
      try {
        child ??= start()
        return await converse(child, lines)
      } catch {
        discard()
        return runAlone(lines)
      }
    },
    ready: () => {
      try {
        child ??= start()
      } catch {
        // Without it each stroke is a process of its own.
      }
    },
    close: discard,
  }
}
