import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openProfileFiles } from './profile-files.ts'
import { type Home, makeHome } from './testing/home.ts'

const SCRIPT = join(import.meta.dirname, 'testing', 'write-when-told.ts')
const ROUNDS = 50

type Outcome = { readonly revision?: string; readonly code?: string; readonly message?: string; readonly data?: object }

type Writer = { tell(line: string): Promise<Outcome>; ready: Promise<unknown>; end(): Promise<void> }

let home: Home
const writers: Writer[] = []
beforeEach(async () => {
  home = await makeHome()
})
afterEach(async () => {
  await Promise.all(writers.splice(0).map((each) => each.end()))
  await home.remove()
})

const startWriter = (): Writer => {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(process.execPath, [SCRIPT], {
    env: home.environment,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async (): Promise<Outcome> => JSON.parse((await lines.next()).value ?? 'null')
  const writer: Writer = {
    ready: answer(),
    tell: (line) => {
      child.stdin.write(`${line}\n`)
      return answer()
    },
    end: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
  writers.push(writer)
  return writer
}

describe('two processes that save one profile at once', () => {
  it(`one wins and the other is told, ${ROUNDS} times`, async () => {
    const files = openProfileFiles(home.paths)
    let { revision } = await files.create('lab', 'round:0')
    const [one, two] = [startWriter(), startWriter()]
    await Promise.all([one.ready, two.ready])
    for (let round = 1; round <= ROUNDS; round++) {
      const before = await readFile(join(home.profiles, 'lab.yaml'), 'utf8')
      const texts = [`round:${round}:one`, `round:${round}:two`] as const
      const outcomes = await Promise.all([one.tell(`${revision} ${texts[0]}`), two.tell(`${revision} ${texts[1]}`)])
      const firstWon = outcomes[0].revision !== undefined
      const [won, lost] = firstWon ? outcomes : [outcomes[1], outcomes[0]]

      expect(won).toEqual({ revision: expect.any(String) })
      expect(lost).toEqual({
        code: 'conflict',
        message: 'The profile "lab" has changed since you opened it.',
        data: {
          field: 'revision',
          meaning: expect.stringContaining('yours was not written'),
          nextStep: expect.stringContaining('Open it again'),
        },
      })
      expect(await files.read('lab')).toEqual({ text: texts[firstWon ? 0 : 1], revision: won?.revision })
      expect(await readFile(join(home.profiles, 'lab.yaml.bak'), 'utf8')).toBe(before)
      revision = won?.revision ?? ''
    }
  })
})
