import type { AppContract, TrafficState } from '../contract/app.ts'
import type { ParsedInputOf } from '../contract/define.ts'
import { MoleError } from '../contract/errors.ts'
import type { TrafficEvent } from '../contract/helper.ts'
import type { Activity } from './activity.ts'
import type { Clock } from './clock.ts'
import type { HelperClient } from './cloud/provider.ts'
import type { Log } from './log.ts'
import { problemOf } from './problem.ts'
import { openTopic } from './topic.ts'

export type TrafficOrder = ParsedInputOf<AppContract, 'traffic.start'>

export type Traffic = {
  /** @throws MoleError `conflict` while traffic runs. */
  start(order: TrafficOrder, helper: HelperClient, bastionId: string): void
  stop(): void
  stream(signal: AbortSignal): AsyncIterable<TrafficState>
}

const IDLE: TrafficState = {
  running: false,
  streams: null,
  direction: null,
  startedAtMs: null,
  latestBitsPerSecond: null,
  report: null,
  problem: null,
}

const busy = (): MoleError =>
  new MoleError('conflict', 'Traffic is running already.', {
    field: 'traffic',
    meaning: 'One measurement would disturb the other.',
    nextStep: 'Wait for its end, or stop it.',
  })

/** Takes one of iperf3's words in. Pure. */
const heard = (state: TrafficState, event: TrafficEvent): TrafficState => {
  if (event.kind === 'started') return { ...state, startedAtMs: event.atMs }
  if (event.kind === 'interval') return { ...state, latestBitsPerSecond: event.bitsPerSecond }
  return { ...state, latestBitsPerSecond: event.bitsPerSecond, report: event }
}

const megabits = (bitsPerSecond: number): string => `${(bitsPerSecond / 1e6).toFixed(0)} Mbit/s`

/** Load over the bundle, made by the helper's iperf3; one at a time. */
export const openTraffic = (clock: Clock, log: Log, activity: Activity): Traffic => {
  const topic = openTopic<TrafficState>(IDLE)
  let running: AbortController | null = null

  const follow = async (
    order: TrafficOrder,
    helper: HelperClient,
    bastionId: string,
    signal: AbortSignal,
  ): Promise<void> => {
    for await (const event of helper.stream('lab.traffic', { ...order, bastionId }, { signal }))
      if (!signal.aborted) topic.publish(heard(topic.current(), event))
  }

  const finish = (problem: TrafficState['problem']): void => {
    const state = { ...topic.current(), running: false, problem }
    topic.publish(state)
    if (problem !== null) activity.add('error', 'traffic.failed', `Traffic failed: ${problem.message}`)
    else if (state.report === null) activity.add('info', 'traffic.stopped', 'Traffic was stopped.')
    else
      activity.add(
        'info',
        'traffic.ended',
        `Traffic ended: ${megabits(state.report.bitsPerSecond)} (${state.report.tool}).`,
      )
  }

  const run = async (
    order: TrafficOrder,
    helper: HelperClient,
    bastionId: string,
    mine: AbortController,
  ): Promise<void> => {
    try {
      await follow(order, helper, bastionId, mine.signal)
      finish(null)
    } catch (error) {
      finish(mine.signal.aborted ? null : problemOf(error, log))
    } finally {
      running = null
    }
  }

  return {
    start: (order, helper, bastionId) => {
      if (running !== null) throw busy()
      running = new AbortController()
      const { streams, direction } = order
      topic.publish({ ...IDLE, running: true, streams, direction, startedAtMs: clock.wallMs() })
      activity.add(
        'info',
        'traffic.started',
        `Traffic started: ${streams} ${direction} streams for ${order.durationSeconds} s.`,
      )
      void run(order, helper, bastionId, running)
    },
    stop: () => running?.abort(),
    stream: topic.stream,
  }
}
