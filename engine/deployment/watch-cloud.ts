import type { Problem } from '../../contract/app.ts'
import type { Activity } from '../activity.ts'
import type { Clock } from '../clock.ts'
import type { CloudObservation, ObservedBastion } from '../cloud/provider.ts'
import type { Log } from '../log.ts'
import { problemOf } from '../problem.ts'
import type { DeploymentRecord } from '../store/deployment-table.ts'
import { endsKnown, neededBastions } from './bastion-record.ts'
import type { Cloud } from './deployment.ts'
import { bastionId } from './identity.ts'
import type { StandingTopic } from './standing-topic.ts'

/** Compares what the cloud holds with what was made, again and again. */
export type CloudWatch = {
  /** Begins; ends an earlier watch first. A cloud that cannot change behind our back is not watched. */
  start(cloud: Cloud): void
  /** Something looks wrong: look now. */
  nudge(): void
  stop(): void
}

export type CloudWatchEnvironment = {
  readonly standing: StandingTopic
  readonly activity: Activity
  readonly clock: Clock
  readonly log: Log
  isActing(): boolean
  /** What was seen, for whoever reckons what it costs. */
  onSeen(record: DeploymentRecord, cloud: CloudObservation): void
  /** Asks for what is missing to be made again. */
  repair(): Promise<void>
}

/** A replacement that fails is tried again after so long, and after twice as long each time. */
const FIRST_PAUSE_MS = 30_000
const LONGEST_PAUSE_MS = 15 * 60_000

/** Whether something is gone for good is looked at again this soon. */
const DOUBT_MS = 5000

/** What no waiting mends: it is not tried again unasked. */
const NEEDS_A_PERSON: ReadonlySet<Problem['code']> = new Set(['quota-exceeded', 'denied', 'bad-input'])

const isAlive = (bastion: ObservedBastion | undefined): boolean => bastion !== undefined && bastion.state !== 'failed'

/** Bastions that are not there: `certain` were seen to have failed, the others are only not listed. Pure. */
const missingBastions = (
  record: DeploymentRecord,
  { bastions }: CloudObservation,
): { index: number; certain: boolean }[] =>
  neededBastions(record.plan).flatMap((index) => {
    const bastion = bastions.find((each) => each.index === index)
    return isAlive(bastion) ? [] : [{ index, certain: bastion !== undefined }]
  })

const goneProblem = (id: string): Problem => ({
  code: 'drift',
  message: `${id} is gone.`,
  data: { meaning: 'It is being replaced.', nextStep: 'Wait for the new one.' },
})

export const openCloudWatch = (environment: CloudWatchEnvironment): CloudWatch => {
  const { standing, activity, clock, log } = environment
  let running: AbortController | null = null
  let wake: () => void = () => undefined
  /** Not listed once may be eventual consistency; twice in a row is gone. */
  let unlisted = new Set<number>()
  let isDoubtful = false
  let pauseMs = FIRST_PAUSE_MS
  let notBeforeMs = 0
  let toldDrift = new Set<string>()

  const tellDrift = (drift: readonly string[]): void => {
    for (const each of drift) if (!toldDrift.has(each)) activity.add('warning', 'cloud.drift', each)
    toldDrift = new Set(drift)
  }

  const tellMoved = (): void =>
    activity.add('info', 'host.moved', 'This host has another public address: the cloud is told to let it in.')

  const onUnseen = (error: unknown): void => {
    const problem = problemOf(error, log)
    if (standing.get().cloudProblem?.message !== problem.message)
      activity.add('warning', 'cloud.unseen', `The cloud cannot be looked at: ${problem.message}`)
    standing.set({ cloudProblem: problem })
  }

  const judge = (record: DeploymentRecord, cloud: CloudObservation): number[] => {
    const missing = missingBastions(record, cloud)
    const gone = missing.filter(({ index, certain }) => certain || unlisted.has(index)).map(({ index }) => index)
    isDoubtful = gone.length < missing.length
    unlisted = new Set(missing.map(({ index }) => index))
    return gone
  }

  const replace = async (record: DeploymentRecord, gone: readonly number[]): Promise<void> => {
    const known = standing.get().shortfall
    for (const index of gone)
      if (!known.has(index)) activity.add('error', 'bastion.gone', `${bastionId(record.id, index)} is gone.`)
    standing.set({
      shortfall: new Map([
        ...known,
        ...gone
          .filter((index) => !known.has(index))
          .map((index) => [index, goneProblem(bastionId(record.id, index))] as const),
      ]),
    })
    await mend()
  }

  const mend = async (tell: () => void = () => undefined): Promise<void> => {
    const { act, problem, shortfall } = standing.get()
    // What somebody called off is not begun again unasked: it may cost money.
    if (clock.monotonicMs() < notBeforeMs || (act?.state === 'cancelled' && act.verb !== 'rotate')) return
    if ([problem, ...shortfall.values()].some((each) => each !== null && NEEDS_A_PERSON.has(each.code))) return
    tell()
    notBeforeMs = clock.monotonicMs() + pauseMs
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
    await environment.repair()
  }

  const look = async (cloud: Cloud, signal: AbortSignal): Promise<void> => {
    const { record } = standing.get()
    if (record === null || environment.isActing()) return
    const seen = await cloud.provider.observe(record)
    // An act that began meanwhile tells how things stand.
    if (signal.aborted || environment.isActing() || standing.get().record !== record) return
    tellDrift(seen.drift)
    standing.set({ cloud: seen, cloudProblem: null })
    environment.onSeen(record, seen)
    const gone = judge(record, seen)
    if (gone.length > 0) return replace(record, gone)
    if (seen.hasMoved) return mend(tellMoved)
    if (unlisted.size > 0) return
    // A bastion that is there and serves nothing: it came back into sight, or its keys could not be had.
    if (standing.get().shortfall.size > 0 || !endsKnown(record, seen.bastions)) return mend()
    pauseMs = FIRST_PAUSE_MS
  }

  const watch = async (cloud: Cloud, everyMs: number, signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const early = new AbortController()
      wake = () => early.abort()
      const nextMs = isDoubtful ? Math.min(everyMs, DOUBT_MS) : everyMs
      await clock.sleep(nextMs, AbortSignal.any([signal, early.signal]))
      if (signal.aborted) return
      await look(cloud, signal).catch((error: unknown) => void (signal.aborted || onUnseen(error)))
    }
  }

  const stop = (): void => {
    running?.abort()
    running = null
  }

  return {
    start: (cloud) => {
      stop()
      unlisted = new Set()
      isDoubtful = false
      const { watchMs } = cloud.provider
      if (watchMs === null) return
      running = new AbortController()
      void watch(cloud, watchMs, running.signal)
    },
    nudge: () => wake(),
    stop,
  }
}
