import { isDeepStrictEqual } from 'node:util'
import type { OptimizeReview, OptimizeTrial } from '../../contract/app.ts'
import type { Recommendation } from '../../domain/probe/analysis.ts'
import { changesFor, planWith } from '../../domain/probe/changes.ts'
import type { PlanChange } from '../../domain/probe/plan-change.ts'
import type { ProbeReport, ProbeSummary } from '../../domain/probe/report.ts'
import { onlyOptions, optionsOf, TUNING_KEYS, type TuningOption } from '../../domain/tuning.ts'
import type { DeploymentRecord } from '../store/deployment-table.ts'
import type { Store } from '../store/store.ts'
import { mptcpSubject, tunnelsSubject } from './bundle-subjects.ts'
import { noRecommendation, otherTarget } from './refusals.ts'
import type { Subject, TrialGround } from './subject.ts'
import { recommendedSubject } from './tuning-subject.ts'

/** A probe and what it recommends. */
export type Recommended = { readonly probe: ProbeSummary; readonly recommendation: Recommendation }

type Up = Pick<DeploymentRecord, 'plan' | 'createdAtMs'>

/**
 * What is up can be measured by a probe of its own, and by one towards a host that the person named: the rest belongs to one
 * target, in AWS to one region, and what went through tunnels to the deployment that had them.
 */
const isOf = ({ request: { target }, startedAtMs }: ProbeReport, { plan, createdAtMs }: Up): boolean => {
  switch (target.kind) {
    case 'host':
      return true
    case 'deployment':
      return startedAtMs >= createdAtMs
    case 'aws':
      return target.region === plan.aws?.region
    case 'lab':
      return plan.target === 'lab'
    case 'none':
      return false
  }
}

/**
 * What a probe recommends for a deployment; `null`: the newest that recommends anything for it.
 * @throws MoleError `not-found`, `conflict` where it measured another target.
 */
export const recommendedFor = (store: Pick<Store, 'probes' | 'probe'>, up: Up, id: string | null): Recommended => {
  for (const probe of store.probes()) {
    if (id !== null && probe.id !== id) continue
    const report = store.probe(probe.id)
    if (report === null || report.recommendation === null) continue
    if (isOf(report, up)) return { probe, recommendation: report.recommendation }
    if (id !== null) throw otherTarget(report, up.plan)
  }
  throw noRecommendation(id)
}

/** What of the host's tuning a recommendation speaks of. */
const TUNED_BY = {
  congestion: 'congestionControl',
  buffers: 'bufferBytes',
  pinning: 'pinning',
} as const satisfies Partial<Record<TuningOption, keyof Recommendation>>

const TUNED = Object.keys(TUNED_BY) as (keyof typeof TUNED_BY)[]

const TITLES: Readonly<Record<keyof typeof TUNED_BY, string>> = {
  congestion: 'Congestion control',
  buffers: 'Socket buffers',
  pinning: 'Pinning to cores',
}

/** What the plan wants tuned already, and is recommended, and was never kept: it is tried, too. */
const untried = (ground: TrialGround, recommendation: Recommendation): (keyof typeof TUNED_BY)[] => {
  const plan = ground.plan()
  const { wanted } = planWith(plan, recommendation).tuning
  if (plan.tuning.apply !== 'measured') return []
  return TUNED.filter((option) => {
    const isSame = isDeepStrictEqual(onlyOptions(wanted, [option]), onlyOptions(plan.tuning.wanted, [option]))
    const isRecommended = (recommendation[TUNED_BY[option]]?.key ?? null) !== null
    return isRecommended && isSame && optionsOf(wanted).includes(option) && !ground.tuned().includes(option)
  })
}

/** Everything in which what is up is not as recommended. @throws MoleError `not-found` when nothing is up. */
export const reviewOf = (ground: TrialGround, { probe, recommendation }: Recommended): OptimizeReview => {
  const wished = untried(ground, recommendation).map(
    (option): PlanChange => ({
      what: TITLES[option],
      key: TUNING_KEYS[option],
      now: 'wanted, not tried yet',
      next: 'tried',
      reason: recommendation[TUNED_BY[option]]?.reason ?? '',
      when: 'live',
    }),
  )
  return { probe, changes: [...changesFor(ground.plan(), recommendation), ...wished] }
}

/** What of it can be tried while it is up: the bundle first, as tuning depends on it. @throws MoleError `not-found`. */
export const recommendedSubjects = (ground: TrialGround, { recommendation }: Recommended): Subject[] => {
  const plan = ground.plan()
  const next = planWith(plan, recommendation)
  const changes = changesFor(plan, recommendation)
  const changeOf = (...keys: string[]): OptimizeTrial['change'] => {
    const change = changes.find(({ key }) => keys.some((each) => key.startsWith(each)))
    return change === undefined ? null : { now: change.now, next: change.next }
  }
  const wishes = untried(ground, recommendation)
  const options = TUNED.filter((option) => {
    const [a, b] = [plan, next].map(({ tuning }) => onlyOptions(tuning.wanted, [option]))
    return !isDeepStrictEqual(a, b) || wishes.includes(option)
  })
  return [
    ...(next.tunnels === plan.tunnels ? [] : [tunnelsSubject(ground, next.tunnels, changeOf('deployment.tunnels'))]),
    ...(isDeepStrictEqual(next.carriage, plan.carriage)
      ? []
      : [mptcpSubject(ground, next.carriage, changeOf('mptcp.'))]),
    ...options.map((option) => recommendedSubject(ground, option, next.tuning.wanted, changeOf(TUNING_KEYS[option]))),
  ]
}
