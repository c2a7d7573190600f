import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ProbeReport, ProbeSummary } from '../../domain/probe/report.ts'
import { ProbeRequest } from '../../domain/probe/request.ts'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { until } from '../testing/fake-world.ts'
import { type Fixture, openFixture, type Panel } from '../testing/fixture.ts'
import { cannedEvents } from './testing/canned.ts'

let fixture: Fixture
let panel: Panel
let reports: (ProbeReport | null)[]
let history: ProbeSummary[]

const follow = async (): Promise<void> => {
  try {
    for await (const report of panel.client.stream('probe.watch', {})) reports.push(report)
  } catch {
    // The engine was closed: what came so far is what the test looks at.
  }
}
const followHistory = async (): Promise<void> => {
  try {
    for await (const probes of panel.client.stream('probe.history', {})) history = probes
  } catch {
    // The same.
  }
}

/** Another engine, as after a crash of the one before. */
const restart = async (): Promise<void> => {
  panel = await fixture.start()
  reports = []
  void follow()
  void followHistory()
  await until(() => reports.length > 0)
}

beforeEach(async () => {
  fixture = await openFixture()
  history = []
  await restart()
})
afterEach(() => fixture.cleanUp())

const requestOf = (over: Partial<ProbeRequest> = {}): ProbeRequest => ({
  ...ProbeRequest.parse({ target: { kind: 'host', host: '127.0.0.1' }, regions: ['us-west-2'], seconds: 1 }),
  ...over,
})
const lab = (): ProbeRequest => ProbeRequest.parse({ target: { kind: 'lab' }, regions: [] })
const start = async (over: Partial<ProbeRequest> = {}): Promise<string> =>
  (await panel.client.call('probe.start', requestOf(over))).id
const now = (): ProbeReport => reports.at(-1) as ProbeReport
const ended = (): Promise<ProbeReport> =>
  until(() => (reports.at(-1)?.state ?? 'running') !== 'running' && panel.engine.isIdle() && now())
const statesOf = (report: ProbeReport) =>
  Object.fromEntries((['interface', 'mtu', 'latency', 'bandwidth'] as const).map((name) => [name, report[name].state]))
const asked = () => fixture.measuring.asked.map(({ place, request }) => `${request.do} ${place}`)

describe('a probe', () => {
  it('measures part by part, transfers last, and says what follows from it', async () => {
    const id = await start()
    const report = await ended()
    expect(report).toMatchObject({ id, state: 'done', targetName: '127.0.0.1', problem: null })
    expect(statesOf(report)).toEqual({ interface: 'done', mtu: 'done', latency: 'done', bandwidth: 'done' })
    expect(asked().at(-1)).toBe('bandwidth here')
    expect([...asked()].sort()).toEqual(['bandwidth here', 'interface here', 'path here', 'regions here'])
    expect(fixture.measuring.asked.at(-1)?.request).toMatchObject({ udpPayloadBytes: 1472, host: '127.0.0.1' })
    expect(report.latency.result?.regions.map(({ region }) => region)).toEqual(['us-west-2'])
    expect(report.analysis?.bottlenecks.length).toBeGreaterThan(0)
    expect(report.recommendation?.innerMtuBytes?.value).toBe(1440)
    expect(report.firewall.some(({ to }) => to === '127.0.0.1')).toBe(true)
  })

  it('is kept, and read again by the next engine', async () => {
    const id = await start()
    const report = await ended()
    await restart()
    expect(now()).toEqual(report)
    expect(await panel.client.call('probe.read', { id })).toEqual(report)
    await until(() => history.length === 1)
    expect(history[0]).toMatchObject({ id, state: 'done', mtuBytes: 1500, rttMs: 5, goodputBitsPerSecond: 100e6 })
    await panel.client.call('probe.delete', { id })
    await until(() => history.length === 0)
    await expect(panel.client.call('probe.read', { id })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('gives its place to the one before when it is deleted', async () => {
    const first = await start()
    await ended()
    const second = await start()
    await until(() => now().id === second)
    await ended()
    await panel.client.call('probe.delete', { id: second })
    await until(() => now().id === first)
    await panel.client.call('probe.delete', { id: first })
    await until(() => now() === null)
    expect(reports.at(-1)).toBeNull()
  })

  it('leaves out what was not asked for, and what there is no target for', async () => {
    await start({ parts: ['interface', 'mtu'] })
    expect(statesOf(await ended())).toEqual({
      interface: 'done',
      mtu: 'done',
      latency: 'left-out',
      bandwidth: 'left-out',
    })
    expect(now().latency.result).toBeNull()
    await start({ target: { kind: 'none' } })
    await until(() => now().request.target.kind === 'none')
    expect(statesOf(await ended())).toMatchObject({ interface: 'done', mtu: 'left-out', latency: 'done' })
  })

  it('goes on with the other parts where one cannot be measured', async () => {
    const problem = { message: 'Nobody answers.', meaning: null, nextStep: null }
    fixture.measuring.answer = (request) =>
      request.do === 'path' ? [{ kind: 'problem', of: 'path', problem }] : cannedEvents(request)
    await start()
    const report = await ended()
    expect(statesOf(report)).toEqual({ interface: 'done', mtu: 'failed', latency: 'done', bandwidth: 'done' })
    expect(report.mtu.problem).toEqual(problem)
    expect(report.latency.result).toMatchObject({ target: null, problem: 'Nobody answers.' })
    // Nothing is known of the path: no more than what passes everywhere is sent.
    expect(fixture.measuring.asked.at(-1)?.request).toMatchObject({ udpPayloadBytes: 1252 })
  })

  it('keeps what was found where a piece of a part lacks', async () => {
    const problem = { message: 'No UDP.', meaning: null, nextStep: null }
    fixture.measuring.answer = (request) => [
      ...cannedEvents(request),
      ...(request.do === 'bandwidth' ? [{ kind: 'problem' as const, of: 'UDP', problem }] : []),
    ]
    await start()
    expect((await ended()).bandwidth).toMatchObject({ state: 'done', problem, result: { iperf3Version: '3.12' } })
  })

  it('fails as a whole where nothing can be measured at all, and says why', async () => {
    fixture.measuring.answer = () => {
      throw new Error('unforeseen')
    }
    await start()
    const report = await ended()
    expect(report).toMatchObject({ state: 'failed', problem: { message: expect.stringMatching(/did not foresee/) } })
    expect(statesOf(report).interface).toBe('failed')
  })

  it('is refused while another runs, and with regions that are none', async () => {
    fixture.measuring.hangsAt = 'bandwidth'
    await start()
    await expect(start()).rejects.toMatchObject({ code: 'conflict' })
    await panel.client.call('probe.cancel', {})
    await expect(start({ regions: ['moon'] })).rejects.toMatchObject({ code: 'bad-input', data: { field: 'regions' } })
  })

  it('asks what is configured of it by default', async () => {
    const defaults = await panel.client.call('probe.defaults', {})
    expect(defaults).toMatchObject({ mtuRungs: [1200, 1500, 1800, 9000], streams: [1, 2, 4, 8], seconds: 30 })
  })
})

describe('cancelling a probe', () => {
  it.each(['regions', 'interface', 'path', 'bandwidth'] as const)(
    'ends it at once while %s are measured',
    async (at) => {
      fixture.measuring.hangsAt = at
      await start()
      await until(() => asked().includes(`${at} here`))
      await panel.client.call('probe.cancel', {})
      expect(fixture.measuring.running).toBe(0)
      const report = await ended()
      expect(report).toMatchObject({ state: 'cancelled', problem: null })
      expect(Object.values(statesOf(report))).not.toContain('running')
      expect(Object.values(statesOf(report))).not.toContain('waiting')
    },
  )

  it('keeps what had been found', async () => {
    fixture.measuring.hangsAt = 'bandwidth'
    await start()
    await until(() => asked().includes('bandwidth here'))
    await panel.client.call('probe.cancel', {})
    const report = await ended()
    expect(statesOf(report)).toMatchObject({ mtu: 'done', bandwidth: 'cancelled' })
    expect(report.bandwidth.result?.runs).toHaveLength(4)
  })

  it('does nothing without one', async () => {
    await panel.client.call('probe.cancel', {})
    expect(reports.at(-1)).toBeNull()
  })
})

describe('a probe of the lab', () => {
  it('makes a site there, measures from its DTN, and takes the lab away again', async () => {
    await panel.client.call('probe.start', lab())
    const report = await ended()
    expect(report).toMatchObject({ state: 'done', targetName: 'the lab’s probe site, 198.18.0.6' })
    expect(asked()).toEqual(['interface lab', 'path lab', 'bandwidth lab'])
    expect(fixture.world.asked).toContain('lab.open-site')
    await until(() => panel.engine.isIdle())
    expect(fixture.world.exists).toBe(false)
  })

  it.each(['lab.open-site', 'host.ensure'])('takes it away where it cannot be made (%s)', async (what) => {
    fixture.world.gate = async (each, when) => {
      if (each === what && when === 'after') throw new Error('the kernel refuses')
    }
    await panel.client.call('probe.start', lab())
    expect(await ended()).toMatchObject({ state: 'failed' })
    await until(() => panel.engine.isIdle())
    expect(fixture.world.exists).toBe(false)
  })

  it('is refused where this machine can have no lab', async () => {
    fixture.world.problem = { code: 'missing-program', message: 'There is no iperf3.', data: {} }
    await expect(panel.client.call('probe.start', lab())).rejects.toMatchObject({ code: 'missing-program' })
    expect(fixture.world.exists).toBe(false)
  })

  it('leaves alone what is deployed there', async () => {
    await panel.client.call('deployment.deploy', { plan: DeploymentPlan.parse({}) })
    await panel.reaches('connected')
    await panel.client.call('probe.start', lab())
    await until(() => now()?.state === 'done')
    await until(() => fixture.world.asked.includes('lab.close-site'))
    expect(fixture.world).toMatchObject({ exists: true, hasSite: false })
    await panel.reaches('connected')
  })

  it('gives way to a teardown', async () => {
    fixture.measuring.hangsAt = 'path'
    await panel.client.call('probe.start', lab())
    await until(() => asked().includes('path lab'))
    await panel.client.call('deployment.teardown', {})
    expect(await ended()).toMatchObject({ state: 'cancelled' })
    expect(fixture.world.exists).toBe(false)
  })

  it('gives way to a teardown also where it is only just beginning', async () => {
    await panel.client.call('deployment.deploy', { plan: DeploymentPlan.parse({}) })
    await panel.reaches('connected')
    const { promise, resolve } = Promise.withResolvers<void>()
    fixture.world.gate = async (what) => (what === 'lab.close-site' ? promise : undefined)
    await panel.client.call('probe.start', lab())
    await until(() => now()?.state === 'done')
    fixture.measuring.hangsAt = 'path'
    const begun = panel.client.call('probe.start', lab())
    const goingDown = panel.client.call('deployment.teardown', {})
    resolve()
    await Promise.all([begun, goingDown])
    expect(await ended()).toMatchObject({ state: 'cancelled' })
  })

  it('is refused while what is there is being taken down', async () => {
    await panel.client.call('deployment.deploy', { plan: DeploymentPlan.parse({}) })
    await panel.reaches('connected')
    const { promise, resolve } = Promise.withResolvers<void>()
    fixture.world.gate = async (what) => (what === 'host.remove' ? promise : undefined)
    await panel.client.call('deployment.teardown', {})
    await expect(panel.client.call('probe.start', lab())).rejects.toMatchObject({ code: 'conflict' })
    resolve()
    await panel.settled()
  })

  it('is taken away by the next engine where one was killed', async () => {
    fixture.measuring.hangsAt = 'path'
    const { id } = await panel.client.call('probe.start', lab())
    await until(() => asked().includes('path lab'))
    fixture.world.killHelper()
    await restart()
    expect(fixture.world.exists).toBe(false)
    expect(panel.view()).toMatchObject({ phase: 'none', problem: null })
    expect(now()).toMatchObject({ id, state: 'failed', problem: { message: expect.stringMatching(/ended while/) } })
    expect(statesOf(now())).toMatchObject({ interface: 'done', mtu: 'failed', bandwidth: 'failed' })
  })
})

describe('a probe of what is deployed', () => {
  it('is refused where nothing is', async () => {
    await expect(start({ target: deployed() })).rejects.toMatchObject({ code: 'not-found' })
    expect(reports.at(-1)).toBeNull()
  })

  it('goes through its tunnels, to the lab’s research resource', async () => {
    await panel.client.call('deployment.deploy', { plan: DeploymentPlan.parse({}) })
    await panel.reaches('connected')
    await start({ target: deployed(), regions: [] })
    const report = await until(() => now()?.state === 'done' && now())
    expect(report.targetName).toBe('10.200.0.10, through the tunnels')
    expect(asked()).toEqual(['interface lab', 'path lab', 'bandwidth lab'])
  })
})

const deployed = (): ProbeRequest['target'] => ({ kind: 'deployment', host: null, iperf3Port: 5201, echoPort: 7011 })
