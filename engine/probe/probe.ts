import { hostname } from 'node:os'
import type { Problem } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'
import type { PartProblem, ProbeReport, ProbeSummary } from '../../domain/probe/report.ts'
import type { ProbeRequest, ProbeTarget } from '../../domain/probe/request.ts'
import type { Activity } from '../activity.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { problemOf } from '../problem.ts'
import type { Store } from '../store/store.ts'
import { openTopic } from '../topic.ts'
import { newProbeId, newReport } from './new-report.ts'
import { brokenOff } from './part-states.ts'
import { type Performance, takeParts, takeRegions } from './perform.ts'
import { regionEndpoints } from './region-endpoints.ts'
import type { Measure } from './run-measurement.ts'
import { summarise } from './summarise.ts'
import type { OpenTarget } from './targets/target.ts'

export type ProbeEnvironment = {
  readonly store: Pick<Store, 'saveProbe' | 'probes' | 'probe' | 'forgetProbe'>
  readonly clock: Clock
  readonly log: Log
  readonly activity: Pick<Activity, 'add'>
  readonly version: string
  readonly measure: Measure
  readonly openTarget: OpenTarget<ProbeTarget>
  /** Regions of which prices are known. */
  pricedRegions(): readonly string[]
}

export type Probe = {
  /** @throws MoleError `conflict` while one runs, `bad-input`. */
  start(request: ProbeRequest): Promise<{ id: string }>
  /** Resolves when nothing is being measured any more. */
  cancel(): Promise<void>
  /** What is running and uses what is deployed, or the lab, is cancelled, and what it made is gone. */
  giveWay(): Promise<void>
  stream(signal: AbortSignal): AsyncIterable<ProbeReport | null>
  history(signal: AbortSignal): AsyncIterable<ProbeSummary[]>
  /** @throws MoleError `not-found`. */
  read(id: string): ProbeReport
  /** @throws MoleError `not-found`, `conflict` for the one that runs. */
  remove(id: string): void
  /** Something is measured, or something that was made for it is still being taken away. */
  isBusy(): boolean
  /** What is deployed is being measured. */
  isOnDeployment(): boolean
  listen(listener: () => void): () => void
  close(): Promise<void>
}

type Running = {
  readonly cancel: AbortController
  /** Nothing is measured any more. */
  readonly measured: Promise<void>
  /** And what was made for it is gone. */
  readonly done: Promise<void>
}

const busy = (): MoleError =>
  new MoleError('conflict', 'A probe is running already.', {
    field: 'probe',
    meaning: 'One would disturb the other.',
    nextStep: 'Wait for its end, or cancel it.',
  })

const noSuchProbe = (id: string): MoleError =>
  new MoleError('not-found', `There is no probe ${id}.`, {
    field: 'id',
    meaning: 'The newest 100 are kept.',
    nextStep: 'See "mole probes".',
  })

const partProblemOf = ({ message, data }: Problem): PartProblem => ({
  message,
  meaning: data.meaning ?? null,
  nextStep: data.nextStep ?? null,
})

/** Measures what this network can do, one probe at a time, and keeps what was found. */
export const openProbe = (environment: ProbeEnvironment): Probe => {
  const { store, clock, log, activity, measure, openTarget } = environment
  const newest = store.probes()[0]
  const topic = openTopic<ProbeReport | null>(newest === undefined ? null : store.probe(newest.id))
  const history = openTopic<ProbeSummary[]>(store.probes())
  let running: Running | null = null

  const save = (report: ProbeReport): void => {
    try {
      store.saveProbe(report, summarise(report))
      history.publish(store.probes())
    } catch (error) {
      log.error({ error: String(error) }, 'a probe could not be written down')
    }
  }

  const conclude = (report: ProbeReport): void => {
    topic.publish(report)
    save(report)
  }

  const measureAll = async (first: ProbeReport, signal: AbortSignal): Promise<() => Promise<void>> => {
    let report = first
    const set = (next: ProbeReport): void => {
      report = next
      topic.publish(next)
    }
    const performance: Performance = { measure, clock, report: () => report, set, save: () => save(report) }
    const part = new AbortController()
    const either = AbortSignal.any([signal, part.signal])
    let close: () => Promise<void> = async () => undefined
    try {
      const { request, id } = report
      const regions = takeRegions(performance, regionEndpoints(request.regions, environment.pricedRegions()), either)
      regions.catch(() => undefined)
      const tell = (doing: string): void => set({ ...report, mtu: { ...report.mtu, doing } })
      const target = await openTarget(request.target, { id, tell, signal: either })
      close = target.close
      set({ ...report, targetName: target.name })
      await takeParts(performance, target, regions, either)
      conclude({ ...report, state: 'done', endedAtMs: clock.wallMs() })
    } catch (error) {
      part.abort(new MoleError('cancelled', 'Another part failed.'))
      const problem = problemOf(signal.aborted ? signal.reason : error, log)
      const why = partProblemOf(problem)
      const isCancelled = problem.code === 'cancelled'
      conclude(brokenOff(report, isCancelled ? 'cancelled' : 'failed', isCancelled ? null : why, clock.wallMs()))
    }
    return close
  }

  const tidy = async (close: () => Promise<void>): Promise<void> => {
    try {
      await close()
    } catch (error) {
      const { message } = problemOf(error, log)
      activity.add('error', 'probe.left', `What a probe made could not be taken away: ${message}`)
    }
  }

  const begin = (report: ProbeReport): void => {
    const cancel = new AbortController()
    const measured = measureAll(report, cancel.signal)
    const done = measured.then(tidy).then(() => {
      running = null
      // Whoever waits for idleness listens.
      topic.publish(topic.current())
    })
    running = { cancel, measured: measured.then(() => undefined), done }
  }

  const isRunning = (): boolean => topic.current()?.state === 'running'
  const cancelWith = (reason: MoleError): void => running?.cancel.abort(reason)

  return {
    start: async (request) => {
      if (isRunning()) throw busy()
      regionEndpoints(request.regions, [])
      await running?.done
      if (isRunning()) throw busy()
      const atMs = clock.wallMs()
      const about = { startedAtMs: atMs, moleVersion: environment.version, hostName: hostname() }
      const report = newReport(request, { id: newProbeId(atMs), ...about })
      conclude(report)
      activity.add('info', 'probe.started', `A probe began: ${report.targetName}.`)
      begin(report)
      return { id: report.id }
    },
    cancel: async () => {
      cancelWith(new MoleError('cancelled', 'The probe was cancelled.'))
      await running?.measured
    },
    giveWay: async () => {
      if (!['lab', 'deployment'].includes(topic.current()?.request.target.kind ?? '')) return
      cancelWith(new MoleError('cancelled', 'What was measured is being taken down.'))
      await running?.done
    },
    stream: topic.stream,
    history: history.stream,
    read: (id) => {
      const now = topic.current()
      const report = now?.id === id ? now : store.probe(id)
      if (report === null) throw noSuchProbe(id)
      return report
    },
    remove: (id) => {
      if (isRunning() && topic.current()?.id === id) throw busy()
      if (store.probe(id) === null) throw noSuchProbe(id)
      store.forgetProbe(id)
      history.publish(store.probes())
      if (topic.current()?.id === id) topic.publish(null)
    },
    isBusy: () => running !== null,
    isOnDeployment: () => isRunning() && topic.current()?.request.target.kind === 'deployment',
    listen: (listener) => topic.listen(listener),
    close: async () => {
      cancelWith(new MoleError('interrupted', 'The engine ended.'))
      await running?.done
      topic.end()
      history.end()
    },
  }
}
