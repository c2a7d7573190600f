import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { MeasureEvent } from '../../../contract/probe.ts'
import { makeWorld, type World } from '../../testing/world.ts'
import type { BandwidthRequest } from './measure-bandwidth.ts'

/* A real iperf3 behind a real link that carries 50 Mbit/s each way. */
const RATE = 50e6
const SITE = '/run/ns/site'
const INSIDE = fileURLToPath(new URL('../../testing/measure-inside.ts', import.meta.url))

let world: World
const inSite = (...argv: string[]): Promise<string> => world.run('/usr/bin/nsenter', [`--net=${SITE}`, ...argv])
const shape = ['root', 'tbf', 'rate', '50mbit', 'burst', '32k', 'limit', '200k']

beforeAll(async () => {
  world = await makeWorld()
  await world.run('touch', [SITE])
  await world.run('unshare', [`--net=${SITE}`, 'true'])
  await world.run('ip', ['link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far', 'netns', SITE])
  await world.run('ip', ['address', 'add', '198.18.0.1/24', 'dev', 'near'])
  await world.run('ip', ['link', 'set', 'near', 'up'])
  await inSite('ip', 'address', 'add', '198.18.0.2/24', 'dev', 'far')
  await inSite('ip', 'link', 'set', 'far', 'up')
  await world.run('tc', ['qdisc', 'add', 'dev', 'near', ...shape])
  await inSite('tc', 'qdisc', 'add', 'dev', 'far', ...shape)
})
afterAll(() => world.close())

/** Starts a server; gives what ends it. */
const serve = async (port: number): Promise<() => Promise<unknown>> => {
  const pidFile = `/run/${port}.pid`
  const argv = ['iperf3', '--server', '--verbose', '--port', `${port}`, '--pidfile', pidFile]
  world.start('/usr/bin/nsenter', [`--net=${SITE}`, ...argv])
  const listens = async (): Promise<boolean> => (await inSite('ss', '-tlnH', 'sport', '=', `:${port}`)) !== ''
  while (!(await listens())) await new Promise((resolve) => setTimeout(resolve, 10))
  // It ends its line by a zero byte.
  const pid = Number.parseInt(await world.run('cat', [pidFile]), 10)
  return () => world.run('kill', ['-KILL', `${pid}`])
}

const request = (more: Partial<BandwidthRequest>): BandwidthRequest => ({
  do: 'bandwidth',
  host: '198.18.0.2',
  iperf3Port: 5201,
  streams: [1],
  directions: ['upload'],
  seconds: 1,
  udp: false,
  udpPayloadBytes: 1400,
  maximumSegmentBytes: null,
  sourceFile: null,
  ...more,
})

/** Measures; cancelled at the first event that holds `until`. */
const measure = async (asked: BandwidthRequest, until: string | null = null): Promise<MeasureEvent[]> => {
  const output = await world.run(process.execPath, [INSIDE], JSON.stringify({ request: asked, until }))
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as MeasureEvent)
}
const lastResult = (events: readonly MeasureEvent[]) =>
  events.flatMap((event) => (event.kind === 'bandwidth' ? [event.result] : [])).at(-1)
const problems = (events: readonly MeasureEvent[]) =>
  events.flatMap((event) => (event.kind === 'problem' ? [event.problem.message] : []))
const programs = (): Promise<string> => world.run('ps', ['-e', '-o', 'args='])

it('finds the rate both ways and looks at its flows; when it is cancelled nothing is left', async () => {
  const end = await serve(5201)
  const events = await measure(request({ streams: [2], directions: ['upload', 'download'], udp: true }), '"udp":[{')
  expect(await programs()).not.toMatch(/iperf3 --client|ss -tin/)
  await end()

  const result = lastResult(events)
  expect(result?.runs.map(({ direction, streams }) => [direction, streams])).toEqual([
    ['upload', 2],
    ['download', 2],
  ])
  for (const { goodputBitsPerSecond, senderCoreRatio, receiverCoreRatio } of result?.runs ?? []) {
    expect(goodputBitsPerSecond.value).toBeGreaterThan(0.6 * RATE)
    expect(goodputBitsPerSecond.value).toBeLessThan(1.2 * RATE)
    expect(senderCoreRatio).toBeTypeOf('number')
    expect(receiverCoreRatio).toBeTypeOf('number')
  }
  const [upload, download] = result?.runs ?? []
  expect(upload?.flows).toHaveLength(2)
  for (const flow of upload?.flows ?? []) {
    expect(flow.remote).toBe('198.18.0.2:5201')
    expect(flow.bytesSent).toBeGreaterThan(100_000)
    expect(flow.looks).toBeGreaterThan(1)
  }
  expect(download?.flows).toEqual([])
  expect(result?.drops).not.toBeNull()
  expect(result?.udp).toMatchObject([{ flows: 1, direction: 'upload' }])
  expect(problems(events)).toEqual([])
})

it('says that the server died midway, and then that it is gone', async () => {
  const end = await serve(5202)
  const measured = measure(request({ iperf3Port: 5202, streams: [1, 2], seconds: 60 }))
  const flows = (): Promise<string> => world.run('ss', ['-tnHO', 'state', 'established', 'dport', '=', ':5202'])
  // The control connection, and the one that carries data.
  while ((await flows()).trim().split('\n').length < 2) await new Promise((resolve) => setTimeout(resolve, 20))
  await new Promise((resolve) => setTimeout(resolve, 300))
  await end()
  const events = await measured
  expect(problems(events)[0]).toMatch(/broke off/)
  expect(problems(events)[1]).toMatch(/No iperf3 server answers/)
})

it('says that nothing answers, once', async () => {
  expect(problems(await measure(request({ iperf3Port: 5203, streams: [1, 2, 4], udp: true })))).toEqual([
    'No iperf3 server answers at 198.18.0.2, port 5203.',
  ])
})

it('says that there is no route', async () => {
  expect(problems(await measure(request({ host: '203.0.113.9' })))).toEqual(['There is no route to 203.0.113.9.'])
})

it('leaves uploads out whose source cannot be read', async () => {
  const end = await serve(5204)
  const both = request({ iperf3Port: 5204, directions: ['upload', 'download'], sourceFile: '/nowhere/at/all' })
  const events = await measure(both)
  await end()
  expect(problems(events)).toEqual(['The source file /nowhere/at/all cannot be read.'])
  expect(lastResult(events)?.runs.map(({ direction }) => direction)).toEqual(['download'])
})
