import { type IpChild, openIpChild } from '../ip-child.ts'
import type { Runner, RunResult } from '../run.ts'

export type AskIp = {
  /** Asks `ip` for JSON, one question a line (`ip(8)`, `-batch`); what it cannot answer it leaves out, and complains of. */
  readonly ask: (questions: readonly string[]) => Promise<Pick<RunResult, 'stdout' | 'stderr'>>
  /** Ends those that wait. */
  readonly close: () => void
}

const ARGV = ['-json', '-details', '-Numeric', '-force', '-batch', '-']
/** A host with very many routes takes its time. */
const PATIENCE_MS = 5000

/** Always answered, and by a line like no other: one link alone, without its addresses. */
const LAST = 'link show dev lo'
const isLast = (line: string): boolean => line.startsWith('[{"ifindex":') && !line.includes('"addr_info"')

/** What was said before the answer to the last question; `undefined` while that has not come. Pure. */
export const answersIn = (said: string): string | undefined => {
  if (!said.endsWith('\n')) return undefined
  const from = said.trimEnd().lastIndexOf('\n') + 1
  // What could not be answered is begun all the same, without a line of its own.
  const begun = said.startsWith('[[', from) ? 1 : 0
  return isLast(said.slice(from + begun)) ? said.slice(0, from + begun) : undefined
}

/** A change looks at the host before and after it. */
const WAITING = 2
/** Others are started when nobody is in a hurry. */
const REFILL_MS = 100

/**
 * Over a child that has waited for just this: `ip` remembers the names of interfaces, and would tell those of a past look. By a
 * process of its own where it does not answer.
 */
export const openAskIp = (runner: Runner): AskIp => {
  const waiting: IpChild[] = []
  let timer: NodeJS.Timeout | null = null

  const refill = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(() => {
      while (waiting.length < WAITING) {
        const child = openIpChild(runner, ARGV, PATIENCE_MS)
        child.ready()
        waiting.push(child)
      }
    }, REFILL_MS)
    timer.unref()
  }

  const ask: AskIp['ask'] = async (questions) => {
    const child = waiting.shift() ?? openIpChild(runner, ARGV, PATIENCE_MS)
    try {
      return await child.converse([...questions, LAST], ({ said, complained }) => {
        const stdout = answersIn(said)
        return stdout === undefined ? undefined : { stdout, stderr: complained }
      })
    } catch {
      return await runner.run('ip', ARGV, { input: `${questions.join('\n')}\n` })
    } finally {
      child.close()
      refill()
    }
  }

  return {
    ask,
    close: () => {
      if (timer !== null) clearTimeout(timer)
      for (const child of waiting.splice(0)) child.close()
    },
  }
}
