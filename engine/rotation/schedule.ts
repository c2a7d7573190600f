import type { Act } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'
import { bastionOfSlot } from '../../domain/tunnel-plan.ts'
import type { Activity } from '../activity.ts'
import type { Clock } from '../clock.ts'
import { bastionOf } from '../deployment/bastion-record.ts'
import { bastionId } from '../deployment/identity.ts'
import type { StandingTopic } from '../deployment/standing-topic.ts'
import type { Log } from '../log.ts'
import { problemOf } from '../problem.ts'
import type { DeploymentRecord } from '../store/deployment-table.ts'
import { dueSlots, isUnsettled } from './due.ts'

/** Has keys replaced when they are old, and what was begun with them brought to its end. */
export type RotationSchedule = {
  /** Begins to look; where it does already, it goes on. */
  start(): void
  stop(): void
  /** A bastion was asked and cannot: it is told of once, and not asked again for a day unless it is launched anew. */
  onAgentless(index: number): void
}

export type ScheduleEnvironment = {
  readonly standing: StandingTopic
  readonly activity: Activity
  readonly clock: Clock
  readonly log: Log
  isActing(): boolean
  /** Rotates the tunnels of these slots and settles what is unsettled; gives how the act ended. */
  rotate(slots: readonly number[]): Promise<Act['state']>
}

const LOOK_EVERY_MS = 15_000
/** What an engine before this one began is brought to its end soon. */
const FIRST_LOOK_MS = 2000

/** What failed is tried again after so long, and after twice as long each time. */
const FIRST_PAUSE_MS = 5 * 60_000
const LONGEST_PAUSE_MS = 6 * 3_600_000

/** That a bastion has no agent is only known from its silence: so often it is asked again, and not told of. */
const ASK_AGAIN_MS = 86_400_000

const listed = (slots: readonly number[]): string =>
  `${slots.length === 1 ? 'Tunnel' : 'Tunnels'} ${slots.join(', ')} ${slots.length === 1 ? 'has' : 'have'}`

/** What is up, and well enough for keys to be replaced. */
const carrying = ({ standing, isActing }: ScheduleEnvironment): DeploymentRecord | null => {
  const { record, detached, problem } = standing.get()
  const isUp = record?.desired === 'up' && record.connectedAtMs !== null
  return isUp && !detached && problem === null && !isActing() ? record : null
}

export const openSchedule = (environment: ScheduleEnvironment): RotationSchedule => {
  const { standing, activity, clock, log } = environment
  let running: AbortController | null = null
  let pauseMs = FIRST_PAUSE_MS
  let notBeforeMs = Number.NEGATIVE_INFINITY
  let isTold = false
  /** By the number of the bastion, which of its launches has no agent, and when it was asked (monotonic). */
  const agentless = new Map<number, { readonly launch: string; readonly atMs: number }>()

  const launchOf = (record: DeploymentRecord, index: number): string =>
    `${bastionId(record.id, index)} ${bastionOf(record, index).launch}`

  const wanted = (record: DeploymentRecord): number[] =>
    dueSlots(record, clock.wallMs()).filter((slot) => {
      const index = bastionOfSlot(slot)
      const asked = agentless.get(index)
      return asked?.launch !== launchOf(record, index) || clock.monotonicMs() - asked.atMs >= ASK_AGAIN_MS
    })

  const isLeftOver = (): boolean => {
    const { record } = standing.get()
    return record !== null && (wanted(record).length > 0 || isUnsettled(record))
  }

  const putOff = (): void => {
    notBeforeMs = clock.monotonicMs() + pauseMs
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  }

  const tellFailure = (): void => {
    const why = standing.get().act?.steps.find(({ problem }) => problem !== null)?.problem?.message ?? ''
    if (!isTold)
      activity.add('warning', 'tunnels.rotation-failed', `Keys could not be replaced, and are kept. ${why}`.trim())
    isTold = true
  }

  const rotate = async (slots: readonly number[]): Promise<void> => {
    const state = await environment.rotate(slots)
    if (isLeftOver()) {
      putOff()
      // What somebody called off, or something else was more urgent than, has not failed.
      if (state !== 'cancelled') tellFailure()
      return
    }
    pauseMs = FIRST_PAUSE_MS
    isTold = false
    if (state === 'done' && slots.length > 0) activity.add('info', 'tunnels.rotated', `${listed(slots)} new keys.`)
  }

  const look = async (): Promise<void> => {
    const record = carrying(environment)
    if (record === null || clock.monotonicMs() < notBeforeMs) return
    const slots = wanted(record)
    if (slots.length > 0 || isUnsettled(record)) await rotate(slots)
  }

  const watch = async (signal: AbortSignal): Promise<void> => {
    await clock.sleep(FIRST_LOOK_MS, signal)
    for (; !signal.aborted; await clock.sleep(LOOK_EVERY_MS, signal)) {
      await look().catch((error: unknown) => {
        // Somebody else began something between look and act.
        if (!(error instanceof MoleError && error.code === 'conflict')) problemOf(error, log)
      })
    }
  }

  return {
    start: () => {
      if (running !== null) return
      running = new AbortController()
      void watch(running.signal)
    },
    stop: () => {
      running?.abort()
      running = null
    },
    onAgentless: (index) => {
      const { record } = standing.get()
      if (record === null) return
      const launch = launchOf(record, index)
      const isTold = agentless.get(index)?.launch === launch
      agentless.set(index, { launch, atMs: clock.monotonicMs() })
      if (isTold) return
      activity.add(
        'warning',
        'bastion.agentless',
        `${bastionId(record.id, index)} cannot change its keys: it has no agent. A bastion launched anew has one.`,
      )
    },
  }
}
