import { z } from 'zod'
import { MoleError } from '../../contract/errors.ts'
import { findKey } from '../../domain/config/keys.ts'
import type { Config } from '../../domain/config/schema.ts'
import { nearWord } from '../../domain/near-word.ts'
import { renderAcknowledgements } from '../../domain/planner/acknowledgements.ts'
import { ASSUMPTIONS, type Conditions } from '../../domain/planner/conditions.ts'
import type { Direction } from '../../domain/planner/goal.ts'
import { originsOf } from '../../domain/planner/origins.ts'
import { planTransfer } from '../../domain/planner/plan-transfer.ts'
import { type PriceTable, parsePriceTable, type RegionPrices } from '../../domain/planner/price-table.ts'
import { given } from '../../domain/planner/provenance.ts'
import { tellingChoices } from '../../domain/planner/telling-choices.ts'
import type { FlagValue } from '../../engine/config/load.ts'
import { parseKey } from '../config-flags.ts'
import { type ConfigOptions, configRequestOf } from '../config-request.ts'
import { EXIT } from '../exit-codes.ts'
import { type GoalOptions, parseDirection, parseGoal, parseRateOption } from '../parse-goal.ts'
import { plainText } from '../plain-text.ts'
import { renderConfigProblem } from '../render-problem.ts'
import { choiceAccount, renderTransferPlan } from '../render-transfer-plan.ts'
import type { Report } from '../report.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import { parseNumber, wholeNumber } from '../whole-number.ts'
import type { World } from '../world.ts'

type Options = GoalOptions & {
  readonly direction: string
  readonly region?: string
  readonly pathLimit?: string
  readonly tunnelLimit?: string
  readonly streams?: string
  readonly instanceType?: string
  readonly maxInstances?: string
  readonly maxTunnels?: string
  readonly profile?: string
  readonly file?: string
  readonly all?: boolean
  readonly refresh?: boolean
}

const EXAMPLES = [
  'mole plan --rate 5G',
  'mole plan --bytes 40TB --by 7d --budget 60',
  'mole plan --bytes 10TB --by 2026-11-28T18:00 --direction download --json',
  'mole plan --rate 10G --max-tunnels 16 --all',
  'mole plan --bytes 40TB --region sa-east-1 --refresh',
]

const DEFAULT_REGION = 'us-west-2'

const numberFlag = (flag: string, path: string, text: string | undefined): FlagValue[] =>
  text === undefined ? [] : [{ flag, path, value: parseKey(path, flag, text, wholeNumber) }]

/** What the configuration, the profile and the options say. @throws MoleError `bad-input` with the first problem. */
const loadSound = async (world: World, options: Options): Promise<Config> => {
  const { profile, file, instanceType } = options
  const request = await configRequestOf(world, { profile, file, instanceType } as ConfigOptions)
  const flags = [
    ...(request.flags ?? []),
    ...numberFlag('--max-instances', 'aws.max_instances', options.maxInstances),
    ...numberFlag('--max-tunnels', 'tunnel.max_tunnels', options.maxTunnels),
    // How many there are to begin with is not asked here, and must not contradict.
    ...numberFlag('--max-tunnels', 'deployment.tunnels', options.maxTunnels),
  ]
  const { config, problems } = await world.config.load({ ...request, flags })
  if (config !== null) return config
  const [first] = problems
  throw new MoleError(
    'bad-input',
    first === undefined ? 'The configuration has problems.' : renderConfigProblem(first),
    {
      field: first?.key ?? 'document',
      meaning: 'Nothing was planned.',
      nextStep: '"mole config check FILE" names everything that is wrong.',
    },
  )
}

const isRegion = (region: string): boolean => findKey('aws.region')?.schema.safeParse(region).success === true

const unknownRegion = (region: string, known: readonly string[]): MoleError => {
  const near = nearWord(region, known)
  const isOne = isRegion(region)
  const what = isOne ? 'no price of this region is known' : 'must be a region such as us-west-2'
  return new MoleError(isOne ? 'not-available' : 'bad-input', `--region ${plainText(region).slice(0, 80)}: ${what}.`, {
    field: '--region',
    meaning: `Prices are known of ${known.join(', ')}. Nothing was planned.`,
    nextStep:
      near === null
        ? 'Name one of them, or add --refresh: it asks AWS for the prices, and needs credentials.'
        : `Did you mean "--region ${near}"?`,
  })
}

/** @throws MoleError `bad-input` for no region, `not-available` for one whose prices are not known. */
const pricesOf = (table: PriceTable, region: string, direction: Direction): RegionPrices => {
  const known = [...table.regions.keys()]
  const prices = table.regions.get(region)
  if (prices === undefined) throw unknownRegion(region, known)
  if (direction === 'download' && prices.dataOut === null)
    throw new MoleError('not-available', `No price of data out of ${region} is known.`, {
      field: '--region',
      meaning: 'The total would be a guess. Nothing was planned.',
      nextStep: `Plan the download with --region ${known.find((each) => table.regions.get(each)?.dataOut !== null)}.`,
    })
  return prices
}

/** `us-west-2` of `us-west-2a`. */
const regionOf = ({ aws }: Config): string =>
  aws.region ?? aws.availability_zones[0]?.replace(/[a-z]$/, '') ?? DEFAULT_REGION

const conditionsOf = ({ aws, tunnel }: Config, options: Options): Conditions => {
  const { pathLimit, tunnelLimit, streams } = options
  return {
    ...ASSUMPTIONS,
    ...(tunnelLimit === undefined
      ? {}
      : { tunnelBitsPerSecond: given(parseRateOption('--tunnel-limit', tunnelLimit), '--tunnel-limit') }),
    pathBitsPerSecond:
      pathLimit === undefined ? null : given(parseRateOption('--path-limit', pathLimit, 'on the wire'), '--path-limit'),
    streams: streams === undefined ? null : parseNumber(z.int().min(1).max(10_000), streams, '--streams'),
    direction: parseDirection(options.direction),
    mtuBytes: tunnel.mtu,
    allowedTypes: aws.instance_types,
    maxInstances: aws.max_instances,
    minTunnels: tunnel.min_tunnels,
    maxTunnels: tunnel.max_tunnels,
  }
}

type Prices = {
  readonly table: PriceTable
  /** What asking anew has changed; `null` where nobody asked. */
  readonly changes: readonly string[] | null
}

/** The prices there are on this machine, or, with `--refresh`, those that the engine gets from AWS. */
const readPrices = async (world: World, config: Config, region: string, isAnew: boolean): Promise<Prices> => {
  const table = await world.readPrices()
  if (!isAnew) return { table, changes: null }
  if (!isRegion(region)) throw unknownRegion(region, [...table.regions.keys()])
  const engine = await world.engine.findOrStart()
  const { document, changes } = await engine.call('prices.refresh', { profile: config.aws.profile, region })
  return { table: parsePriceTable(document), changes }
}

const tellChanges = (report: Report, changes: readonly string[] | null): void => {
  if (changes === null) return
  report.note(changes.length === 0 ? 'AWS says the same prices as before.' : 'AWS says other prices than before:')
  for (const change of changes) report.note(`  ${plainText(change)}`)
}

/** Allowed types that the plan cannot speak of. */
const unpriced = ({ allowedTypes }: Conditions, prices: RegionPrices): string[] =>
  allowedTypes.filter((name) => !prices.onDemandUsdPerHour.has(name))

const leftOut = (names: readonly string[], { region }: RegionPrices): string =>
  `no price in ${region} is known: ${plainText(names.join(', '))}`

const unpricedRefused = (names: readonly string[], prices: RegionPrices, table: PriceTable): MoleError => {
  const types = table.types.map(({ name }) => name)
  const known = types.filter((name) => prices.onDemandUsdPerHour.has(name))
  const [near] = names.filter((name) => !types.includes(name)).flatMap((name) => nearWord(name, known) ?? [])
  return new MoleError('bad-input', `--instance-type: ${leftOut(names, prices)}`, {
    field: '--instance-type',
    meaning: `Prices are known of ${known.join(', ')}. Nothing was planned.`,
    nextStep: near === undefined ? 'Name others.' : `Did you mean "${near}"?`,
  })
}

/** `mole plan`: what could carry a transfer on AWS, what it costs and when it is through. */
export const addPlan: AddVerb = (program, toolbox) => {
  const { world } = toolbox
  const command = program
    .command('plan')
    .summary('plan a transfer on AWS: which instances, what it costs, when it is through')
    .description(
      'Compares what could carry a transfer on AWS: instance types, their number and tunnels, what passes the internet gateway, cost and time.\nIt needs no account and no engine; only --refresh asks AWS. Ends with 8 where nothing allowed does what is asked.',
    )
    .option('--rate <rate>', 'goal: payload a second, such as 5G')
    .option('--bytes <amount>', 'goal: payload to move, such as 40TB')
    .option('--by <moment>', 'with --bytes: to be through by then, such as 2026-11-28T18:00, or within 7d')
    .option('--budget <usd>', 'most that it may cost, in US dollars, data transfer and all')
    .option('--direction <direction>', 'upload (to the cloud) or download', 'upload')
    .option('--region <region>', 'region; otherwise that of aws.region or of the availability zones')
    .option('--path-limit <rate>', 'what the path to AWS carries on the wire, where you know it')
    .option('--tunnel-limit <rate>', 'payload one tunnel carries, where you have measured it')
    .option('--streams <n>', 'TCP connections that carry the data; one rides one tunnel')
    .option('--instance-type <types>', 'types to choose from, separated by commas (aws.instance_types)')
    .option('--max-instances <n>', 'most instances (aws.max_instances)')
    .option('--max-tunnels <n>', 'most tunnels of them all (tunnel.max_tunnels)')
    .option('--refresh', 'ask the AWS Pricing API for the prices of the region first; needs credentials')
    .option('--all', 'show every instance type there is a price of')
    .option('--profile <name>', 'take a saved profile; the other options win over it')
    .option('-f, --file <file.yaml>', "take a configuration document in a profile's place; - is stdin")
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, options) => {
    const nowMs = Date.now()
    const goal = parseGoal(options, nowMs)
    const config = await loadSound(world, options)
    const conditions = conditionsOf(config, options)
    const region = options.region ?? regionOf(config)
    const { table, changes } = await readPrices(world, config, region, options.refresh === true)
    tellChanges(report, changes)
    const prices = pricesOf(table, region, conditions.direction)
    const missing = unpriced(conditions, prices)
    if (missing.length > 0 && options.instanceType !== undefined) throw unpricedRefused(missing, prices, table)
    if (missing.length > 0) report.note(`Left out, since ${leftOut(missing, prices)}.`)
    const plan = planTransfer(goal, conditions, table, prices)
    const shown = options.all === true ? plan.choices : tellingChoices(plan)
    const account = choiceAccount(table)
    report.result(
      {
        goal,
        region: prices.region,
        direction: conditions.direction,
        pricesCompiled: table.compiled,
        priceChanges: changes,
        reason: plan.reason,
        notCounted: renderAcknowledgements(plan, conditions, prices),
        recommended: plan.recommended === null ? null : account(plan.recommended),
        choices: plan.choices.map(account),
        sources: originsOf(plan.choices, conditions, table, prices),
      },
      renderTransferPlan({ plan, shown, conditions, table, prices }),
    )
    return plan.recommended === null ? EXIT.capacity : EXIT.ok
  })
}
