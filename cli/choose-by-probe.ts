import { MoleError } from '../contract/errors.ts'
import type { Recommendation } from '../domain/probe/analysis.ts'
import { changesFor, planWith } from '../domain/probe/changes.ts'
import { probeForPlan } from '../domain/probe/for-plan.ts'
import { CHOSEN_KEYS, heldAs } from '../domain/probe/hold-plan.ts'
import type { ProbeReport } from '../domain/probe/report.ts'
import { PROBE_PARTS, type ProbeRequest } from '../domain/probe/request.ts'
import type { DeploymentPlan } from '../domain/tunnel-plan.ts'
import { confirmed } from './confirm-plan.ts'
import { plainText } from './plain-text.ts'
import { runProbe } from './probe/follow.ts'
import { renderIntent } from './probe/intent.ts'
import { partInSentence } from './probe/parts.ts'
import { renderChanges } from './render-changes.ts'
import { renderReview } from './render-review.ts'
import type { Report } from './report.ts'
import { observeWhatIsUp } from './what-is-up.ts'
import type { Engine, World } from './world.ts'

/** How a plan is to be chosen. */
export type Choosing = {
  /** What is measured, but for the target. */
  readonly probing: Omit<ProbeRequest, 'target'>
  /** Keys that the person gave on the command line: these are held. */
  readonly held: readonly string[]
}

type Asked = { readonly plan: DeploymentPlan; readonly profile: string | null; readonly isSure: boolean }

const NOTHING_MADE = 'Nothing was made.'

const cancelled = ({ id }: ProbeReport): MoleError =>
  new MoleError('cancelled', 'The probe was cancelled.', {
    meaning: NOTHING_MADE,
    nextStep: `"mole probes show ${id}" shows what it had found.`,
  })

const failure = (message: string, code: MoleError['code'] = 'interrupted'): MoleError =>
  new MoleError(code, message, { field: '--auto-optimize' })

/** What a probe recommends. @throws MoleError where it was cancelled, failed, or says nothing. */
const recommendationOf = (probe: ProbeReport): Recommendation => {
  if (probe.state === 'cancelled') throw cancelled(probe)
  if (probe.recommendation !== null && probe.state === 'done') return probe.recommendation
  const why = probe.problem?.message ?? PROBE_PARTS.map((part) => probe[part].problem?.message).find((text) => text)
  throw failure(`The probe could not say what to deploy${why === undefined ? '' : `: ${why}`}`)
}

const requestFor = async (engine: Engine, { plan, profile }: Asked, { probing }: Choosing): Promise<ProbeRequest> => {
  if (plan.aws === null) return probeForPlan(plan, '', probing)
  // What the plan leaves open the engine finds out, as for any review.
  const { plan: complete } = await engine.call('deployment.review', { plan, profile })
  return probeForPlan(plan, complete.aws?.region ?? '', probing)
}

/** What the probe makes and costs; where it costs anything, the person is asked. */
const agree = async (world: World, report: Report, engine: Engine, request: ProbeRequest, isSure: boolean) => {
  const review = await engine.call('probe.review', { target: request.target })
  report.note(renderReview(review, 'First a probe, for which this is made and taken away again:'))
  report.note(renderIntent(request))
  if (review.costUsdPerHour !== 0) await confirmed(world, 'Launch it and measure?', isSure, NOTHING_MADE)
}

const noteLacks = (report: Report, probe: ProbeReport): void => {
  for (const part of PROBE_PARTS) {
    const { state, problem } = probe[part]
    if (state === 'failed') report.note(`Not measured: ${partInSentence(part)}. ${plainText(problem?.message ?? '')}`)
  }
}

const recommended = async (
  world: World,
  report: Report,
  engine: Engine,
  asked: Asked,
  choosing: Choosing,
): Promise<Recommendation> => {
  const request = await requestFor(engine, asked, choosing)
  await agree(world, report, engine, request, asked.isSure)
  const probe = await runProbe(world, report, engine, request)
  const recommendation = recommendationOf(probe)
  noteLacks(report, probe)
  return recommendation
}

/** The plan as it is recommended, but for what the person has given; says what is chosen, and why. @throws MoleError. */
const chosenPlan = (
  report: Report,
  plan: DeploymentPlan,
  recommendation: Recommendation,
  held: readonly string[],
): DeploymentPlan => {
  const chosen = heldAs(planWith(plan, recommendation), plan, held)
  if (chosen === null) throw failure('What the probe recommends is no plan together with what you gave')
  const changes = changesFor(plan, recommendation)
  const taken = changes.filter(({ key }) => !held.some((each) => each.startsWith(key)))
  const left = changes.filter((change) => !taken.includes(change))
  report.note(
    taken.length === 0
      ? 'By the probe nothing is to be chosen otherwise.'
      : `Chosen by the probe:\n${renderChanges(taken)}`,
  )
  for (const { what, now, next } of left) report.note(`${what}: ${now}, as you gave it; the probe recommends ${next}.`)
  return chosen
}

/** Says that it failed, and asks whether to go on without; with nobody to be asked it ends there. @throws MoleError. */
const goOnWithout = async (world: World, report: Report, error: unknown, { plan, isSure }: Asked) => {
  if (!(error instanceof MoleError) || error.code === 'cancelled' || error.code === 'disconnected') throw error
  if (isSure)
    throw new MoleError(error.code, error.message, {
      field: '--auto-optimize',
      meaning: `${error.data.meaning ?? ''} By what was measured no plan could be chosen. ${NOTHING_MADE}`.trim(),
      nextStep:
        error.data.nextStep ?? 'Leave out --auto-optimize (deployment.auto_optimize) to make the plan as it is.',
    })
  const { meaning = '', nextStep = '' } = error.data
  report.note([error.message, meaning, nextStep].filter((text) => text !== '').join('\n'))
  await confirmed(world, 'Go on with the plan as it is?', false, NOTHING_MADE)
  return plan
}

/**
 * Probes first, and gives the plan as it is recommended by what was measured. What is up already is not probed for: it stays as it
 * was chosen.
 * @throws MoleError `cancelled`, and where it failed and nobody could be asked.
 */
export const chooseByProbe = async (
  world: World,
  report: Report,
  engine: Engine,
  asked: Asked,
  choosing: Choosing,
): Promise<DeploymentPlan> => {
  const up = await observeWhatIsUp(engine)
  if (up !== null) {
    report.note('Up already, so that nothing is probed: "mole optimize --from-probe" improves what is up.')
    const open = CHOSEN_KEYS.filter((key) => !choosing.held.includes(key))
    return heldAs(asked.plan, up.plan, open) ?? asked.plan
  }
  try {
    const recommendation = await recommended(world, report, engine, asked, choosing)
    return chosenPlan(report, asked.plan, recommendation, choosing.held)
  } catch (error) {
    return goOnWithout(world, report, error, asked)
  }
}
