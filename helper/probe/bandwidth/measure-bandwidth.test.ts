import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { MeasureEvent } from '../../../contract/probe.ts'
import type { Runner } from '../../run.ts'
import type { MeasureContext } from '../context.ts'
import type { TcpPlan } from './client-arguments.ts'
import { measureTcp } from './measure-tcp.ts'
import { describeRate, measureUdp } from './measure-udp.ts'
import { makeProgress } from './progress.ts'
import { openTally } from './tally.ts'

const recorded = (name: string): string =>
  readFileSync(new URL(`../../iperf/recorded/iperf-3.12-${name}.txt`, import.meta.url), 'utf8')

const ONE = 'iperf 3.12\nStarting Test\n'
const WHOLE = `${ONE}${recorded('verbose-upload-omitted').split('\n').slice(8).join('\n')}`
const BUSY = 'iperf3: error - the server is busy running a test. try again later\n'
const DIED = recorded('died-midway')

/** A child that says one thing, and ends. */
const speaking = (text: string) => {
  const stdout = new PassThrough()
  const child = Object.assign(new EventEmitter(), { stdout, stderr: new PassThrough(), pid: 0, kill: () => true })
  stdout.end(text)
  setImmediate(() => child.emit('close', text.includes('error') ? 1 : 0))
  return child
}

const plan = (streams: number): TcpPlan => ({
  direction: 'upload',
  streams,
  seconds: 2,
  omitSeconds: 1,
  sourceFile: null,
  maximumSegmentBytes: null,
})

/** A server that says these things, test after test. */
const setUp = async (answers: string[]) => {
  const events: MeasureEvent[] = []
  const runner = {
    pathOf: (program: string) => program,
    run: (program: string) =>
      program === 'ip' || program === 'ss'
        ? Promise.resolve({ stdout: '', stderr: '', code: 0 })
        : Promise.reject(new Error(program)),
    start: () => speaking(answers.shift() ?? BUSY),
  } as unknown as Runner
  const context: MeasureContext = {
    runner,
    signal: new AbortController().signal,
    emit: (event) => void events.push(event),
  }
  const server = { address: '198.18.0.2', port: 5201 }
  const request = {
    do: 'bandwidth',
    host: 'dtn',
    iperf3Port: 5201,
    streams: [1],
    directions: ['upload'],
    seconds: 2,
    udp: true,
    udpPayloadBytes: 1400,
    maximumSegmentBytes: null,
    sourceFile: null,
  } as const
  const tally = await openTally(context, server, '3.12')
  const progress = makeProgress(context.emit, [plan(1)], request)
  const parts = {
    context,
    server,
    request: { ...request, streams: [...request.streams], directions: [...request.directions] },
    tally,
    progress,
    version: '3.12',
  }
  const problems = () => events.flatMap((event) => (event.kind === 'problem' ? [event.problem.message] : []))
  return { parts, tally, events, problems, answers }
}

describe('measureTcp', () => {
  it('waits for a server that is busy', async () => {
    const { parts, tally, problems, events } = await setUp([BUSY, BUSY, WHOLE])
    expect(await measureTcp(parts, [plan(1)], [0, 0])).toBe(true)
    expect(tally.bestTcp('upload')).toBe(9_785_297_000)
    expect(problems()).toEqual([])
    expect(events.filter(({ kind }) => kind === 'second')).toHaveLength(2)
  })

  it('gives up, with all other runs, on one that stays busy', async () => {
    const { parts, problems, answers } = await setUp([BUSY, BUSY, BUSY, WHOLE])
    expect(await measureTcp(parts, [plan(1), plan(2)], [0, 0])).toBe(false)
    expect(problems()).toEqual(['The iperf3 server at dtn, port 5201 is busy with another test.'])
    expect(answers).toHaveLength(1)
  })

  it('keeps what a run that broke off had measured, and goes on', async () => {
    const { parts, tally, problems } = await setUp([DIED, WHOLE])
    expect(await measureTcp(parts, [plan(1), plan(1)])).toBe(true)
    expect(tally.runs().map(({ goodputBitsPerSecond }) => goodputBitsPerSecond.value)).toEqual([
      104_106_000, 9_785_297_000,
    ])
    expect(problems()).toEqual(['The connection with the iperf3 server at dtn, port 5201 broke off.'])
  })

  it('gives up after two in a row that broke off', async () => {
    const { parts, problems, answers } = await setUp([DIED, DIED, WHOLE])
    expect(await measureTcp(parts, [plan(1), plan(1), plan(1)])).toBe(false)
    expect([problems().length, answers.length]).toEqual([2, 1])
  })
})

describe('measureUdp', () => {
  it('says so when a step does not begin, and takes no more', async () => {
    const { parts, problems, tally } = await setUp([
      'iperf3: error - unable to read from stream socket: x\n',
      BUSY,
      BUSY,
    ])
    await measureUdp(parts)
    expect(problems()).toEqual(['UDP does not get through to dtn, port 5201.'])
    expect(tally.steps()).toEqual([])
  })

  it('does not take a busy server for a firewall', async () => {
    const { parts, problems } = await setUp([BUSY, BUSY, BUSY])
    await measureUdp(parts)
    expect(problems()).toEqual(['The iperf3 server at dtn, port 5201 is busy with another test.'])
  })

  it('keeps the steps before the one that fails', async () => {
    const policed = recorded('udp-policed')
    const { parts, problems, tally } = await setUp([
      policed,
      policed,
      `${ONE}iperf3: error - the server has terminated\n`,
    ])
    await measureUdp(parts)
    expect(tally.steps().map(({ offeredBitsPerSecond }) => offeredBitsPerSecond)).toEqual([25e6, 50e6])
    expect(problems()).toEqual(['The connection with the iperf3 server at dtn, port 5201 broke off.'])
  })
})

describe('a rate of UDP', () => {
  it.each([
    [1, 1.3333e6, 'UDP at 1.33 Mbit/s'],
    [2, 49.99e6, 'UDP at 100 Mbit/s in 2 flows'],
    [1, 1234.4e6, 'UDP at 1234 Mbit/s'],
    [4, 2.5e9, 'UDP at 10000 Mbit/s in 4 flows'],
  ])('in %i flows of %d bit/s is told as people read it: %s', (flows, bitsPerSecondOfFlow, text) => {
    expect(describeRate({ flows, bitsPerSecondOfFlow, seconds: 1 })).toBe(text)
  })
})
