import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openProfileFiles, type ProfileFiles } from './profile-files.ts'
import { type Home, makeHome } from './testing/home.ts'
import { TEXTS } from './testing/texts.ts'

const SCRIPT = join(import.meta.dirname, 'testing', 'keep-writing.ts')
const KILLS = 200
/** Several writes long, so that the end comes at any point of one. */
const LONGEST_LIFE_MS = 15
const LIMIT_MS = 180_000

let home: Home
let files: ProfileFiles
beforeEach(async () => {
  home = await makeHome()
  files = openProfileFiles(home.paths)
  await files.create('lab', TEXTS[0])
})
afterEach(() => home.remove())

/** A process that writes, killed at a moment of no meaning to it. */
const writeAndBeKilled = async (how: 'durably' | 'naive'): Promise<void> => {
  const env = { ...home.environment, NODE_COMPILE_CACHE: join(home.paths.runtime, 'compiled') }
  const writer = spawn(process.execPath, [SCRIPT, how], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(writer, 'exit')
  try {
    await Promise.race([once(writer.stdout, 'data'), ended])
    await delay(Math.random() * LONGEST_LIFE_MS)
  } finally {
    writer.kill('SIGKILL')
  }
  expect(await ended).toEqual([null, 'SIGKILL'])
}

const unfinished = async (): Promise<string[]> => (await readdir(home.profiles)).filter((file) => file.endsWith('.new'))
const isWhole = (text: string): boolean => TEXTS.some((each) => each === text)
const textIn = (file: string): Promise<string> => readFile(join(home.profiles, file), 'utf8')

describe('a writer killed in the middle', () => {
  it(
    `leaves the old text or the new one, whole, ${KILLS} times`,
    async () => {
      let cutShort = 0
      for (let kill = 0; kill < KILLS; kill++) {
        await writeAndBeKilled('durably')
        expect(isWhole(await textIn('lab.yaml'))).toBe(true)
        if (kill > 0) expect(isWhole(await textIn('lab.yaml.bak'))).toBe(true)
        if ((await unfinished()).length > 0) cutShort += 1

        const { text, revision } = await files.read('lab')
        await files.write('lab', text === TEXTS[0] ? TEXTS[1] : TEXTS[0], revision)
        expect(await unfinished()).toEqual([])
      }
      // Otherwise no kill ever hit a write, and the test has shown nothing.
      expect(cutShort).toBeGreaterThan(0)
      expect(await files.list()).toMatchObject({ profiles: [{ name: 'lab' }], damaged: [] })
    },
    LIMIT_MS,
  )

  it(
    'would be seen to tear the file if it wrote it as one does without a thought',
    async () => {
      for (let kill = 0; kill < KILLS; kill++) {
        await writeAndBeKilled('naive')
        if (!isWhole(await textIn('lab.yaml'))) return
      }
      expect.fail(`none of ${KILLS} kills tore the file`)
    },
    LIMIT_MS,
  )
})
