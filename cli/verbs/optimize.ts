import { appContract, type OptimizeReview, type OptimizeState } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'
import { nearWord } from '../../domain/near-word.ts'
import type { PlanChange } from '../../domain/probe/plan-change.ts'
import { TrialOption } from '../../domain/trial-option.ts'
import { TUNING_KEYS, TuningOption } from '../../domain/tuning.ts'
import { cannotAsk, confirmed } from '../confirm-plan.ts'
import { engineOfDeployment } from '../engine-of-deployment.ts'
import { EXIT, type ExitCode, exitCodeOf } from '../exit-codes.ts'
import { plainText } from '../plain-text.ts'
import { findProbeId, historyOf } from '../probe/find-probe.ts'
import { renderChanges } from '../render-changes.ts'
import { renderProgress, renderTrials } from '../render-optimize.ts'
import type { Report } from '../report.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import { parseNumber } from '../whole-number.ts'
import type { Engine, World } from '../world.ts'

type Options = {
  readonly pairs: string
  readonly seconds: string
  /** `true`: the newest probe that recommends anything. */
  readonly fromProbe?: string | true
  readonly yes?: boolean
}

const EXAMPLES = [
  'mole optimize',
  'mole optimize congestion pinning --pairs 5',
  'mole optimize --seconds 10 --json',
  'mole optimize --from-probe                # what the newest probe recommends; shown first, and asked',
  'mole optimize tunnels --from-probe 3f9c2a --yes',
]

const Input = appContract['optimize.start'].input.shape

const NOTHING_DONE = 'Nothing was changed.'

const unknownOption = (text: string): MoleError => {
  const near = nearWord(text, TrialOption.options)
  return new MoleError('bad-input', `There is nothing called "${plainText(text)}" to tune.`, {
    field: '<option>',
    meaning: 'Nothing was changed.',
    nextStep: near === null ? `Choose from: ${TrialOption.options.join(', ')}.` : `Did you mean "${near}"?`,
  })
}

const parseOption = (text: string): TrialOption => {
  const parsed = TrialOption.safeParse(text)
  if (!parsed.success) throw unknownOption(text)
  return parsed.data
}

/** `--from-probe tunnels`: what was to be tried, taken for the id. */
const swallowed = (option: string): MoleError =>
  new MoleError('bad-input', `"${option}" is something to try, and no probe.`, {
    field: '--from-probe',
    meaning: NOTHING_DONE,
    nextStep: `What is to be tried goes first: mole optimize ${option} --from-probe`,
  })

const keyOf = (option: TrialOption): string => {
  const tuning = TuningOption.safeParse(option)
  if (tuning.success) return TUNING_KEYS[tuning.data]
  return option === 'tunnels' ? 'deployment.tunnels' : 'mptcp.enable'
}

/** Whether a change will be tried: it can be had while this is up, and is among what was named, if anything was. */
const isToTry =
  (chosen: readonly TrialOption[]) =>
  ({ key, when }: PlanChange): boolean =>
    when === 'live' && (chosen.length === 0 || chosen.some((option) => key === keyOf(option)))

/** Follows it to its end, telling each step once. Ctrl-C stops it, and what was being tried is taken back. */
const follow = async (world: World, report: Report, engine: Engine): Promise<OptimizeState | null> => {
  const release = world.onInterrupt(() => void engine.call('optimize.stop', {}).catch(() => {}))
  const told = new Map<string, string>()
  let last: OptimizeState | null = null
  try {
    for await (const state of engine.stream('optimize.watch', {})) {
      for (const trial of state.trials.filter((each) => each.state !== 'pending')) {
        const text = renderProgress(trial)
        if (told.get(trial.option) !== text) report.note(text)
        told.set(trial.option, text)
      }
      last = state
      if (!state.running) break
    }
  } finally {
    release()
  }
  return last
}

/** What of a recommendation is to be had by another `up` only. */
const renderLater = (changes: OptimizeReview['changes']): string => {
  const later = changes.filter(({ when }) => when === 'next-up')
  return later.length === 0 ? '' : `\n\nOnly "mole down" and another "mole up" change this:\n${renderChanges(later)}`
}

const conclude = (report: Report, state: OptimizeState | null, review: OptimizeReview | null): ExitCode => {
  const fields = {
    trials: state?.trials ?? [],
    inForce: state?.inForce ?? [],
    ...(review === null ? {} : { fromProbe: review.probe.id, changes: review.changes }),
  }
  const table = `${renderTrials(fields.trials)}${renderLater(review?.changes ?? [])}`
  const problem = state?.problem ?? null
  if (problem !== null) {
    report.failure(problem, fields, table)
    return exitCodeOf(problem.code)
  }
  if (fields.trials.some(({ state: each }) => each === 'pending')) {
    const stopped = new MoleError('cancelled', 'Optimising was stopped.', {
      meaning: 'What was being tried is taken back; what had measured better before stays.',
    })
    report.failure(stopped, fields, table)
    return EXIT.interrupted
  }
  report.result(fields, `${table}\n\nIn force: ${fields.inForce.join(', ') || 'nothing'}`)
  return EXIT.ok
}

/** What is to be tried by a probe, shown and agreed to; where nothing can be, nobody is asked. */
const agreeByProbe = async (
  world: World,
  report: Report,
  engine: Engine,
  { fromProbe, yes: isSure = false }: Options,
  chosen: readonly TrialOption[],
): Promise<OptimizeReview> => {
  const isNewest = fromProbe === true || fromProbe === 'latest'
  const wanted = isNewest ? null : findProbeId(await historyOf(engine), fromProbe ?? '')
  const review = await engine.call('optimize.review', { fromProbe: wanted })
  const { probe, changes } = review
  const tried = changes.filter(isToTry(chosen))
  const heading = `By ${probe.id}, which measured towards ${plainText(probe.targetName)}:`
  // Of what was named and would be no other the engine says so.
  if (tried.length === 0) return review
  const shown = changes.filter((change) => tried.includes(change) || change.when === 'next-up')
  report.note(`${heading}\n${renderChanges(shown)}`)
  report.note('What can be changed while it is up is tried now, and kept only where it measures better.')
  await confirmed(world, 'Try it?', isSure, NOTHING_DONE)
  return review
}

const nothingToTry = (report: Report, { probe, changes }: OptimizeReview): ExitCode => {
  const headline =
    changes.length === 0
      ? `All is as ${probe.id} recommends.`
      : `Nothing that ${probe.id} recommends can be changed while it is up.`
  report.result({ trials: [], fromProbe: probe.id, changes }, `${headline}${renderLater(changes)}`)
  return EXIT.ok
}

/** `mole optimize`: tunes this host by measuring. */
export const addOptimize: AddVerb = (program, toolbox) => {
  const { world } = toolbox
  const command = program
    .command('optimize')
    .summary('tune this host, keeping only what measures better')
    .description(
      'Tries what the configuration wants tuned (section "optimization"), one option after the other: goodput is measured in pairs without and with it, by iperf3 through the tunnels, and it is kept only where it is better by more than noise. What is kept holds until "mole down", which puts everything back. Other traffic through the tunnels meanwhile spoils the measurements.\nWith --from-probe it tries what a probe recommends in their place: another number of tunnels, Multipath TCP, congestion control, buffers, pinning. What is different is shown first with its reason, and asked for; what only another "mole up" can change (MTU, instance type) is listed.',
    )
    .argument('[option...]', `only these: ${TrialOption.options.join(', ')}`)
    .option('--from-probe [id]', 'try what a probe recommends; without an id the newest that recommends anything')
    .option('--yes', 'do not ask (only --from-probe asks)')
    .option('--pairs <n>', 'measurements without and with each option, 2 to 20', '3')
    .option('--seconds <s>', 'length of each measurement, 1 to 60', '5')
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, options, operands) => {
    const pairs = parseNumber(Input.pairs.unwrap(), options.pairs, '--pairs')
    const seconds = parseNumber(Input.seconds.unwrap(), options.seconds, '--seconds')
    const chosen = operands.map(parseOption)
    const isByProbe = options.fromProbe !== undefined
    if (TrialOption.safeParse(options.fromProbe).success) throw swallowed(String(options.fromProbe))
    if (isByProbe && options.yes !== true && !world.isInteractive) throw cannotAsk(NOTHING_DONE)
    const engine = await engineOfDeployment(world)
    const review = isByProbe ? await agreeByProbe(world, report, engine, options, chosen) : null
    if (review !== null && !review.changes.some(({ when }) => when === 'live')) return nothingToTry(report, review)
    const fromProbe = review?.probe.id ?? null
    await engine.call('optimize.start', { options: chosen.length === 0 ? null : chosen, fromProbe, pairs, seconds })
    return conclude(report, await follow(world, report, engine), review)
  })
}
