import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MeasureEvent } from '../../contract/probe.ts'
import { startTimeOf } from '../cloud/lab/processes.ts'
import { until } from '../testing/fake-world.ts'
import { type Measure, openMeasurement } from './run-measurement.ts'

let directory: string
let heard: MeasureEvent[]
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mole-'))
  await mkdir(join(directory, 'probe'))
  heard = []
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const REQUEST = { do: 'interface', towards: null } as const

/** Runs this text in the place of the program that measures. */
const measuring = async (text: string): Promise<Measure> => {
  await writeFile(join(directory, 'probe/main.ts'), text)
  return openMeasurement(join(directory, 'lab'), { node: process.execPath, entry: join(directory, 'main.ts') })
}
const measure = async (text: string, signal = new AbortController().signal): Promise<void> =>
  (await measuring(text))('here', REQUEST, (event) => void heard.push(event), signal)
const texts = (): string[] => heard.map((event) => (event.kind === 'doing' ? event.text : event.kind))

const SAY = 'const say = (text: string) => console.log(JSON.stringify({ kind: "doing", text, progressRatio: 0 }));'

describe('running the program that measures', () => {
  it('gives it the request on stdin, and hears what it says, but for what is no event', async () => {
    await measure(`${SAY}
      process.stdin.once('data', (line) => {
        say('asked ' + JSON.parse(String(line)).do)
        console.log('{"kind":"doing"}\\nnonsense\\n{"kind":"other"}\\n{"__proto__":{}}')
        say(process.argv.slice(2).join())
        process.exit(0)
      })`)
    expect(texts()).toEqual(['asked interface', 'measure'])
  })

  it('gives it nothing of the session', async () => {
    await measure(`${SAY} say(Object.keys(process.env).sort().join()); process.exit(0)`)
    expect(texts()).toEqual(['LC_ALL,PATH'])
  })

  it('tells its last words where it fails', async () => {
    await expect(measure('console.error("first\\nno such device"); process.exit(3)')).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('(3)'),
      data: { meaning: 'It said: no such device' },
    })
  })

  it('closes its stdin when it is cancelled', async () => {
    const cancel = new AbortController()
    const ended = measure(`${SAY} process.stdin.on('end', () => process.exit(0)).resume(); say('here')`, cancel.signal)
    await until(() => texts().length > 0)
    cancel.abort(new Error('enough'))
    await expect(ended).rejects.toThrow('enough')
  })

  it('ends it, and what it started, where it does not heed that', async () => {
    const cancel = new AbortController()
    const ended = measure(
      `${SAY}
      import { spawn } from 'node:child_process'
      for (const name of ['SIGTERM', 'SIGINT']) process.on(name, () => undefined)
      const child = spawn('sleep', ['600'], { stdio: 'inherit' })
      say(process.pid + ' ' + child.pid)
      setInterval(() => undefined, 1000)`,
      cancel.signal,
    )
    await until(() => texts().length > 0)
    const pids = (texts()[0] ?? '').split(' ').map(Number)
    cancel.abort(new Error('enough'))
    await expect(ended).rejects.toThrow('enough')
    for (const pid of pids) expect(await startTimeOf(pid)).toBeNull()
  })

  it('does not start it where it was cancelled before', async () => {
    await expect(measure(`${SAY} say('here')`, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
    expect(heard).toEqual([])
  })

  it('says that there is no lab to measure from', async () => {
    const run = await measuring('')
    const { signal } = new AbortController()
    await expect(run('lab', REQUEST, () => undefined, signal)).rejects.toMatchObject({ code: 'not-found' })
  })
})
