import { outcomeOf } from '../act-outcome.ts'
import { parseKey } from '../config-flags.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { followAct } from '../follow-act.ts'
import type { Report } from '../report.ts'
import { stopEngine } from '../stop-engine.ts'
import { type Account, type Swept, sweepAws } from '../sweep-aws.ts'
import { refuseIfTerraformHolds } from '../terraform/refuse-if-left.ts'
import { type AddVerb, finishVerb, type Toolbox } from '../verb.ts'
import type { Engine, World } from '../world.ts'

type Options = {
  readonly force?: boolean
  readonly yes?: boolean
  readonly cleanupAll?: boolean
  readonly region?: string
  readonly awsProfile?: string
}

const EXAMPLES = [
  'mole down',
  'mole down --cleanup-all --region us-west-2   # also what no record names, in AWS too: shows it, and asks',
  'mole down --force --cleanup-all   # the same without a question',
  'mole down --json',
]

const CLEAN = 'Nothing is deployed, and nothing is left.'

const renderClean = (swept: Swept | null): string => {
  if (swept === null) return CLEAN
  const { region, found, removed } = swept
  if (found.length === 0)
    return `${CLEAN}\nAWS was looked through in ${region}: nothing there carries our tag. Other regions: --region.`
  const left = found.length - removed.length
  return left === 0 ? CLEAN : `Nothing is deployed here. In AWS ${left} of ${found.length} found were left as you said.`
}

type Cleanup = { readonly account: Account; readonly isSure: boolean }

const teardown = async (world: World, report: Report, engine: Engine, cleanup: Cleanup | null): Promise<ExitCode> => {
  await engine.call('deployment.teardown', {})
  const view = await followAct(world, report, engine)
  const { exit, problem } = outcomeOf(view, 'none')
  if (problem !== null) {
    report.failure(problem, { deployment: view })
    return exit
  }
  const swept = cleanup === null ? null : await sweepAws(world, report, engine, cleanup.account, cleanup.isSure)
  await refuseIfTerraformHolds(world, swept?.removed ?? [])
  report.result({ deployment: view, ...(swept === null ? {} : { aws: swept }) }, renderClean(swept))
  return exit
}

/** An engine started only to clean up goes when it is done, so that no process of ours stays. */
const teardownAlone = async (world: World, report: Report, cleanup: Cleanup | null): Promise<ExitCode> => {
  const engine = await world.engine.findOrStart()
  const exit = await teardown(world, report, engine, cleanup)
  if (exit === EXIT.ok) await stopEngine(world, engine)
  return exit
}

const accountOf = async (world: World, { region, awsProfile }: Options): Promise<Account> => {
  if (region !== undefined) parseKey('aws.region', '--region', region)
  if (awsProfile !== undefined) parseKey('aws.profile', '--aws-profile', awsProfile)
  const { config } = await world.config.load({})
  return {
    profile: awsProfile ?? config?.aws.profile ?? null,
    region: region ?? config?.aws.region ?? null,
    isNamed: [region, awsProfile, config?.aws.region ?? undefined, config?.aws.profile ?? undefined].some(
      (each) => each !== undefined,
    ),
  }
}

const takeDown = async ({ world }: Toolbox, report: Report, options: Options): Promise<ExitCode> => {
  const { cleanupAll = false, force = false, yes = false } = options
  const cleanup = cleanupAll ? { account: await accountOf(world, options), isSure: force || yes } : null
  const running = await world.engine.find()
  if (running !== null) return teardown(world, report, running, cleanup)
  // What has lost its record and its directory is only found by looking for its processes, which the engine does.
  if (cleanup !== null || (await world.engine.isAnythingLeft())) return teardownAlone(world, report, cleanup)
  await refuseIfTerraformHolds(world, [])
  report.result({ deployment: null }, CLEAN)
  return EXIT.ok
}

/** `mole down`: takes everything away and proves that nothing is left. */
export const addDown: AddVerb = (program, toolbox) => {
  const command = program
    .command('down')
    .summary('take everything away')
    .description(
      'Takes down the tunnels and everything that was made for them, here and at the far end, and checks that nothing is left. It can be given again after anything went wrong, as often as you like.\nIt asks only before it takes away what another record, or none, names (--cleanup-all). In AWS nothing is ever removed that does not carry our tag, whatever is forced.',
    )
    .option('--cleanup-all', 'also what no record names any more, here and in AWS, after showing it and asking')
    .option('--force', 'ask nothing')
    .option('--yes', 'the same as --force')
    .option('--region <region>', 'with --cleanup-all: where to look in AWS')
    .option('--aws-profile <credentials>', 'with --cleanup-all: credentials profile of ~/.aws/config')
  finishVerb<Options>(command, toolbox, EXAMPLES, (report, options) => takeDown(toolbox, report, options))
}

/** `mole disconnect`: the way back from `mole connect`. */
export const addDisconnect: AddVerb = (program, toolbox) => {
  const command = program
    .command('disconnect')
    .summary('take everything away, as "down"')
    .description(
      'The way back from "mole connect", and the same as "mole down": takes everything away and checks that nothing is left. The profile stays.',
    )
  finishVerb(command, toolbox, ['mole disconnect', 'mole disconnect --json'], (report) => takeDown(toolbox, report, {}))
}
