import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { AnswerEvent, MeasureEvent } from '../../contract/probe.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))
const CHILDREN = new URL('children.ts', import.meta.url).href
/** Of these tests alone. */
const PORT = 27_011

const started: ChildProcess[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

const start = (...argv: string[]) => {
  const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'pipe'] })
  started.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return { child, next: async (): Promise<string> => (await lines.next()).value ?? '' }
}

const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

const vanished = async (pid: number): Promise<void> => {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** Nobody answers there, so it is looked for in every way. */
const PATIENT = { do: 'path', host: '127.0.0.1', echoPort: PORT + 1, tcpPort: null, rungs: [1200], echoes: 3 }

describe('the program that measures', () => {
  it('says what is wrong with a request, and ends well', async () => {
    const { child, next } = start(MAIN, 'measure')
    child.stdin.write('{"do":"nothing"}\n')
    expect(MeasureEvent.parse(JSON.parse(await next()))).toMatchObject({ kind: 'problem', of: 'request' })
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it.each([
    ['its stdin', (child: ChildProcess) => child.stdin?.end()],
    ['SIGTERM', (child: ChildProcess) => child.kill('SIGTERM')],
  ])('ends with %s in the middle of its work', async (_, end) => {
    const { child, next } = start(MAIN, 'measure')
    child.stdin.write(`${JSON.stringify(PATIENT)}\n`)
    expect(MeasureEvent.parse(JSON.parse(await next())).kind).toBe('doing')
    const exit = once(child, 'exit')
    end(child)
    expect(await exit).toEqual([0, null])
  })

  it('measures towards the one that answers', async () => {
    const answering = start(MAIN, 'answer', '--echo-port', String(PORT), '--no-iperf3')
    expect(AnswerEvent.parse(JSON.parse(await answering.next()))).toEqual({
      kind: 'answering',
      echoPort: PORT,
      iperf3Port: null,
    })
    const { child, next } = start(MAIN, 'measure')
    child.stdin.write(`${JSON.stringify({ ...PATIENT, echoPort: PORT, rungs: [1500, 9000] })}\n`)
    const events: MeasureEvent[] = []
    for (let line = await next(); line !== ''; line = await next()) events.push(MeasureEvent.parse(JSON.parse(line)))
    expect(events.find(({ kind }) => kind === 'trips')).toMatchObject({ trips: { by: 'udp', sent: 3 } })
    expect(events.find(({ kind }) => kind === 'mtu')).toMatchObject({
      result: { by: 'udp', mtuBytes: { value: 9000 }, innerMtuBytes: { value: 8940 }, limitedBy: 'ladder' },
    })
    answering.child.stdin.end()
    expect(await once(answering.child, 'exit')).toEqual([0, null])
  })

  it('says on which port it cannot answer', async () => {
    const argv = [MAIN, 'answer', '--echo-port', String(PORT), '--no-iperf3']
    const [first, second] = [start(...argv), start(...argv)]
    const said = [await first.next(), await second.next()].map((line) => AnswerEvent.parse(JSON.parse(line)))
    expect(said.map(({ kind }) => kind).toSorted()).toEqual(['answering', 'problem'])
    expect(said.find(({ kind }) => kind === 'problem')).toMatchObject({
      of: 'echo',
      problem: { message: expect.stringContaining(`UDP port ${PORT}`) },
    })
  })
})

describe('the program that answers', () => {
  it('ends when it can serve nothing, and says why', async () => {
    const taken = createServer().listen(0)
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const { child, next } = start(MAIN, 'answer', '--no-echo', '--iperf3-port', String(port))
    const said = await next()
    taken.close()
    expect(AnswerEvent.parse(JSON.parse(said))).toMatchObject({
      of: 'iperf3',
      problem: { message: expect.stringContaining(`TCP port ${port}`) },
    })
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})

describe('what is started by it', () => {
  const script = `
    import { makeChildren } from '${CHILDREN}'
    const stop = new AbortController()
    const children = makeChildren(stop.signal)
    console.log(children.start('sh', ['-c', 'exec sleep 1000']).pid)
    process.stdin.once('end', async () => {
      stop.abort()
      await children.allEnded()
      console.log('all ended')
      process.exit()
    }).resume()`
  const startOne = async () => {
    const one = start('--input-type=module', '--eval', script)
    return { ...one, pid: Number(await one.next()) }
  }

  it('ends with what it is for', async () => {
    const { child, next, pid } = await startOne()
    expect(isAlive(pid)).toBe(true)
    child.stdin.end()
    expect(await next()).toBe('all ended')
    expect(isAlive(pid)).toBe(false)
  })

  it('does not outlive it even when it is killed', async () => {
    const { child, pid } = await startOne()
    expect(isAlive(pid)).toBe(true)
    child.kill('SIGKILL')
    await vanished(pid)
  })
})
