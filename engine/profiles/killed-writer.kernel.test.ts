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
/** Users whose writers are killed side by side, for the sake of time. */
const LANES = 2
/** Several writes long, so that the end comes at any point of one. */
const LONGEST_LIFE_MS = 15
const LIMIT_MS = 180_000

type Lane = { readonly home: Home; readonly files: ProfileFiles }

let lanes: Lane[]
beforeEach(async () => {
  lanes = []
  for (let each = 0; each < LANES; each++) {
    const home = await makeHome()
    const files = openProfileFiles(home.paths)
    lanes.push({ home, files })
    await files.create('lab', TEXTS[0])
  }
})
afterEach(async () => {
  for (const { home } of lanes) await home.remove()
})

/** A process that writes, killed at a moment of no meaning to it. */
const writeAndBeKilled = async ({ home }: Lane, how: 'durably' | 'naive'): Promise<void> => {
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

const isWhole = (text: string): boolean => TEXTS.some((each) => each === text)
const textIn = ({ home }: Lane, file: string): Promise<string> => readFile(join(home.profiles, file), 'utf8')
const unfinished = async ({ home }: Lane): Promise<string[]> =>
  (await readdir(home.profiles)).filter((file) => file.endsWith('.new'))

/** One kill, and what must hold after it. Says whether the kill came in the middle of a write. */
const expectWholeAfterKill = async (lane: Lane): Promise<boolean> => {
  await writeAndBeKilled(lane, 'durably')
  expect(isWhole(await textIn(lane, 'lab.yaml'))).toBe(true)
  expect(isWhole(await textIn(lane, 'lab.yaml.bak'))).toBe(true)
  const wasCutShort = (await unfinished(lane)).length > 0

  const { text, revision } = await lane.files.read('lab')
  await lane.files.write('lab', text === TEXTS[0] ? TEXTS[1] : TEXTS[0], revision)
  expect(await unfinished(lane)).toEqual([])
  return wasCutShort
}

describe('a writer killed in the middle', () => {
  it(
    `leaves the old text or the new one, whole, ${KILLS} times`,
    async () => {
      let cutShort = 0
      const killAgainAndAgain = async (lane: Lane): Promise<void> => {
        for (let kill = 0; kill < KILLS / LANES; kill++) if (await expectWholeAfterKill(lane)) cutShort += 1
        expect(await lane.files.list()).toMatchObject({ profiles: [{ name: 'lab' }], damaged: [] })
      }
      await Promise.all(lanes.map(killAgainAndAgain))
      // Otherwise no kill ever hit a write, and the test has shown nothing.
      expect(cutShort).toBeGreaterThan(0)
    },
    LIMIT_MS,
  )

  it(
    'would be seen to tear the file if it wrote it as one does without a thought',
    async () => {
      const [lane] = lanes
      for (let kill = 0; lane !== undefined && kill < KILLS; kill++) {
        await writeAndBeKilled(lane, 'naive')
        if (!isWhole(await textIn(lane, 'lab.yaml'))) return
      }
      expect.fail(`none of ${KILLS} kills tore the file`)
    },
    LIMIT_MS,
  )
})
