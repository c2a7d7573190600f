import { hostname } from 'node:os'
import { MoleError } from '../../contract/errors.ts'
import type { ProbeReport, ProbeSummary } from '../../domain/probe/report.ts'
import type { ProbeRequest, ProbeTarget } from '../../domain/probe/request.ts'
import { summarise } from '../../domain/probe/summarise.ts'
import type { Activity } from '../activity.ts'
import type { Store } from '../store/store.ts'
import { openTopic } from '../topic.ts'
import type { CheckTarget } from './check-target.ts'
import { closeInterrupted } from './interrupted.ts'
import { openMakings } from './makings.ts'
import { newProbeId, newReport } from './new-report.ts'
import { mustOutlast } from './outlast.ts'
import { regionEndpoints } from './region-endpoints.ts'
import { type RunEnvironment, runProbe } from './run-probe.ts'
import { tagOf } from './targets/aws-target.ts'
import type { TargetMaker } from './targets/target.ts'

export type ProbeEnvironment = Omit<RunEnvironment, 'openTarget'> & {
  readonly store: Pick<
    Store,
    'saveProbe' | 'probes' | 'probe' | 'forgetProbe' | 'probeSites' | 'noteProbeSite' | 'forgetProbeSite'
  >
  readonly activity: Pick<Activity, 'add'>
  readonly version: string
  readonly maker: TargetMaker<ProbeTarget>
  readonly checkTarget: CheckTarget
}

export type Probe = {
  /** @throws MoleError `conflict` while one runs, `bad-input`, and whatever keeps the target from being measured. */
  start(request: ProbeRequest): Promise<{ id: string }>
  /** Resolves when nothing is being measured any more; what was made in a cloud may still be going. */
  cancel(): Promise<void>
  /** What is being measured of what is deployed, or in the lab, is cancelled, and what was made for it is gone. */
  giveWay(): Promise<void>
  /** Resolves when the lab of a probe that is over is gone: whoever makes another meanwhile would lose it. */
  leavesLab(): Promise<void>
  stream(signal: AbortSignal): AsyncIterable<ProbeReport | null>
  history(signal: AbortSignal): AsyncIterable<ProbeSummary[]>
  /** @throws MoleError `not-found`. */
  read(id: string): ProbeReport
  /** @throws MoleError `not-found`, `conflict` for the one that runs. */
  remove(id: string): void
  /** Something is measured, or something that was made for it is still being taken away. */
  isBusy(): boolean
  /** What all carries that is made in AWS for the probe that runs; `null` where nothing is. */
  tag(): string | null
  /** What is deployed is being measured. */
  isOnDeployment(): boolean
  /** Calls `listener` when `isBusy` may have changed; returns what ends it. */
  listen(listener: () => void): () => void
  close(): Promise<void>
}

/** Terminating an instance is asked for by then; that it has ended the next engine proves. */
const CLOSE_PATIENCE_MS = 8000

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

const ENDED_AS: Readonly<Record<ProbeReport['state'], string>> = {
  running: 'goes on',
  done: 'is done',
  cancelled: 'was cancelled',
  failed: 'failed',
}

/** Measures what this network can do, one probe at a time, and keeps what was found. */
export const openProbe = (environment: ProbeEnvironment): Probe => {
  const { store, clock, log, activity } = environment
  const known = closeInterrupted(store, clock.wallMs())
  const newestOf = ([newest]: readonly ProbeSummary[]): ProbeReport | null =>
    newest === undefined ? null : store.probe(newest.id)
  const topic = openTopic<ProbeReport | null>(newestOf(known))
  const history = openTopic<ProbeSummary[]>(known)
  const makings = openMakings({ ...environment, onSettled: () => topic.publish(topic.current()) })
  let running: { readonly cancel: AbortController; readonly measured: Promise<void> } | null = null
  let starting: Promise<{ id: string }> | null = null

  const save = (report: ProbeReport): void => {
    try {
      store.saveProbe(report, summarise(report))
      history.publish(store.probes())
    } catch (error) {
      log.error({ error: String(error) }, 'a probe could not be written down')
    }
  }

  const run = async (report: ProbeReport, signal: AbortSignal): Promise<void> => {
    const means = { ...environment, openTarget: makings.open }
    const ended = await runProbe(report, means, { publish: topic.publish, save }, signal)
    running = null
    makings.remove(ended.id)
    save(ended)
    const why = ended.problem === null ? '.' : `: ${ended.problem.message}`
    const level = ended.state === 'failed' ? 'warning' : 'info'
    activity.add(level, 'probe.ended', `The probe of ${ended.targetName} ${ENDED_AS[ended.state]}${why}`)
    topic.publish(ended)
  }

  const begin = (request: ProbeRequest): ProbeReport => {
    const atMs = clock.wallMs()
    const about = { startedAtMs: atMs, moleVersion: environment.version, hostName: hostname() }
    const report = newReport(request, { id: newProbeId(atMs), ...about })
    save(report)
    topic.publish(report)
    activity.add('info', 'probe.started', `A probe of ${report.targetName} began.`)
    const cancel = new AbortController()
    running = { cancel, measured: run(report, cancel.signal) }
    return report
  }

  const cancel = async (reason: MoleError): Promise<void> => {
    running?.cancel.abort(reason)
    await running?.measured
  }

  const checkAndBegin = async (request: ProbeRequest): Promise<{ id: string }> => {
    regionEndpoints(request.regions, [])
    mustOutlast(request)
    await environment.checkTarget(request.target)
    makings.recover()
    // There is one site.
    await makings.settled('lab')
    return { id: begin(request).id }
  }

  makings.recover()

  return {
    start: async (request) => {
      if (running !== null || starting !== null) throw busy()
      starting = checkAndBegin(request)
      try {
        return await starting
      } finally {
        starting = null
      }
    },
    cancel: () => cancel(new MoleError('cancelled', 'The probe was cancelled.')),
    giveWay: async () => {
      // One that is just being looked at would begin in what is going.
      await starting?.catch(() => undefined)
      const kind = topic.current()?.request.target.kind
      if (kind === 'lab' || kind === 'deployment')
        await cancel(new MoleError('cancelled', 'What was measured is being taken down.'))
      await makings.settled('lab')
    },
    leavesLab: () => makings.settled('lab'),
    stream: topic.stream,
    history: history.stream,
    read: (id) => {
      const now = topic.current()
      const report = now?.id === id ? now : store.probe(id)
      if (report === null) throw noSuchProbe(id)
      return report
    },
    remove: (id) => {
      if (running !== null && topic.current()?.id === id) throw busy()
      if (store.probe(id) === null) throw noSuchProbe(id)
      store.forgetProbe(id)
      const left = store.probes()
      history.publish(left)
      if (topic.current()?.id === id) topic.publish(newestOf(left))
    },
    isBusy: () => running !== null || makings.isBusy(),
    tag: () => {
      const report = running === null ? null : topic.current()
      return report?.request.target.kind === 'aws' ? tagOf(report.id) : null
    },
    isOnDeployment: () => running !== null && topic.current()?.request.target.kind === 'deployment',
    listen: topic.listen,
    close: async () => {
      await cancel(new MoleError('interrupted', 'Cloud Mole ended while it measured.'))
      await makings.close(CLOSE_PATIENCE_MS)
      topic.end()
      history.end()
    },
  }
}
