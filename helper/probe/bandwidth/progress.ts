import type { MeasureContext } from '../context.ts'
import type { TcpPlan } from './client-arguments.ts'

/** About how long the steps of UDP take all together, s. */
const UDP_SECONDS = 20
/** What a run takes beside its seconds: connecting and exchanging results. */
const EXTRA_SECONDS = 0.5

export type Progress = {
  /** Something that takes about so long begins; whatever was being done is over. */
  readonly begin: (text: string, seconds: number) => void
  /** One second of it has passed. */
  readonly second: () => void
  readonly finish: () => void
}

const secondsOf = ({ seconds, omitSeconds }: TcpPlan): number => seconds + omitSeconds + EXTRA_SECONDS

/** Tells what is being done, and how much of all of it is. */
export const makeProgress = (
  emit: MeasureContext['emit'],
  plans: readonly TcpPlan[],
  { udp }: { readonly udp: boolean },
): Progress => {
  const whole = plans.reduce((sum, plan) => sum + secondsOf(plan), udp ? UDP_SECONDS : 0) || 1
  let [done, doing, length, passed] = [0, '', 0, 0]
  const tell = (): void =>
    emit({ kind: 'doing', text: doing, progressRatio: Math.min(0.99, (done + Math.min(passed, length)) / whole) })
  return {
    begin: (text, seconds) => {
      done += length
      ;[doing, length, passed] = [text, seconds, 0]
      tell()
    },
    second: () => {
      passed += 1
      tell()
    },
    finish: () => emit({ kind: 'doing', text: '', progressRatio: 1 }),
  }
}
