import { appContract, type OptimizeState } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'
import { nearWord } from '../../domain/near-word.ts'
import { TuningOption } from '../../domain/tuning.ts'
import { engineOfDeployment } from '../engine-of-deployment.ts'
import { EXIT, type ExitCode, exitCodeOf } from '../exit-codes.ts'
import { plainText } from '../plain-text.ts'
import { renderProgress, renderTrials } from '../render-optimize.ts'
import type { Report } from '../report.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import { parseNumber } from '../whole-number.ts'
import type { Engine, World } from '../world.ts'

type Options = { readonly pairs: string; readonly seconds: string }

const EXAMPLES = ['mole optimize', 'mole optimize congestion pinning --pairs 5', 'mole optimize --seconds 10 --json']

const Input = appContract['optimize.start'].input.shape

const unknownOption = (text: string): MoleError => {
  const near = nearWord(text, TuningOption.options)
  return new MoleError('bad-input', `There is nothing called "${plainText(text)}" to tune.`, {
    field: '<option>',
    meaning: 'Nothing was changed.',
    nextStep: near === null ? `Choose from: ${TuningOption.options.join(', ')}.` : `Did you mean "${near}"?`,
  })
}

const parseOption = (text: string): TuningOption => {
  const parsed = TuningOption.safeParse(text)
  if (!parsed.success) throw unknownOption(text)
  return parsed.data
}

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

const conclude = (report: Report, state: OptimizeState | null): ExitCode => {
  const fields = { trials: state?.trials ?? [], inForce: state?.inForce ?? [] }
  const table = renderTrials(fields.trials)
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

/** `mole optimize`: tunes this host by measuring. */
export const addOptimize: AddVerb = (program, toolbox) => {
  const { world } = toolbox
  const command = program
    .command('optimize')
    .summary('tune this host, keeping only what measures better')
    .description(
      'Tries what the configuration wants tuned (section "optimization"), one option after the other: goodput is measured in pairs without and with it, by iperf3 through the tunnels, and it is kept only where it is better by more than noise. What is kept holds until "mole down", which puts everything back. Other traffic through the tunnels meanwhile spoils the measurements.',
    )
    .argument('[option...]', `only these: ${TuningOption.options.join(', ')}`)
    .option('--pairs <n>', 'measurements without and with each option, 2 to 20', '3')
    .option('--seconds <s>', 'length of each measurement, 1 to 60', '5')
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, options, operands) => {
    const pairs = parseNumber(Input.pairs.unwrap(), options.pairs, '--pairs')
    const seconds = parseNumber(Input.seconds.unwrap(), options.seconds, '--seconds')
    const chosen = operands.map(parseOption)
    const engine = await engineOfDeployment(world)
    await engine.call('optimize.start', { options: chosen.length === 0 ? null : chosen, pairs, seconds })
    return conclude(report, await follow(world, report, engine))
  })
}
