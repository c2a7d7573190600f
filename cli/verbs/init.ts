import type { DocumentChange } from '../../domain/config/edit-document.ts'
import { accountLacks } from '../account-lacks.ts'
import { parseKey } from '../config-flags.ts'
import { EXIT, type ExitCode, exitCodeOf } from '../exit-codes.ts'
import { renderAccountChecks } from '../render-account-checks.ts'
import type { Report } from '../report.ts'
import { tilde } from '../tilde.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import type { World } from '../world.ts'

type Options = {
  readonly profile?: string
  readonly region?: string
  readonly vpc?: string
  readonly instanceTypes?: string
  readonly policy?: boolean
}

const EXAMPLES = [
  'mole init --profile research-aws --region us-west-2',
  'mole init --vpc vpc-12345             # whether bastions can stand in this VPC',
  'mole init --policy > policy.json      # what to allow, for whoever gives permissions',
  'mole init --json | jq ".checks[] | select(.state == \\"missing\\")"',
]

const PROFILE = 'aws.profile'
const REGION = 'aws.region'

const list = (text: string): string[] => text.split(',').map((each) => each.trim())

/** What to check, each option by the rule of its key. The configuration says what the options do not. */
const requestOf = async (world: World, options: Options) => {
  const read = (path: string, flag: string, given: string | undefined, written?: (text: string) => unknown): unknown =>
    given === undefined ? undefined : parseKey(path, flag, given, written)
  const given = {
    profile: read(PROFILE, '--profile', options.profile) as string | undefined,
    region: read(REGION, '--region', options.region) as string | undefined,
    vpcId: read('deployment.vpc', '--vpc', options.vpc) as string | undefined,
    instanceTypes: read('aws.instance_types', '--instance-types', options.instanceTypes, list) as string[] | undefined,
  }
  const { config } = await world.config.load({})
  return {
    profile: given.profile ?? config?.aws.profile ?? null,
    region: given.region ?? config?.aws.region ?? null,
    vpcId: given.vpcId ?? config?.deployment.vpc ?? null,
    instanceTypes: given.instanceTypes ?? config?.aws.instance_types ?? [],
  }
}

/** What the person named, to be kept. */
const changesOf = ({ profile, region }: Options): DocumentChange[] => [
  ...(profile === undefined ? [] : [{ path: PROFILE, value: profile }]),
  ...(region === undefined ? [] : [{ path: REGION, value: region }]),
]

/** Keeps them in the person's own configuration, after saying so; gives what was kept. */
const save = async (world: World, report: Report, options: Options): Promise<Readonly<Record<string, unknown>>> => {
  const changes = changesOf(options)
  if (changes.length === 0) return {}
  const said = changes.map(({ path, value }) => `${path}: ${String(value)}`).join(', ')
  report.note(`Keeping ${said} in ${tilde(world.userConfig.path, world.home)}; the rest of it stays as it is.`)
  await world.userConfig.change(changes)
  return Object.fromEntries(changes.map(({ path, value }) => [path, value]))
}

const printPolicy = async (world: World, report: Report): Promise<ExitCode> => {
  const { text } = await (await world.engine.findOrStart()).call('aws.policy', {})
  report.result({ policy: JSON.parse(text) }, text.trimEnd())
  return EXIT.ok
}

const check = async (world: World, report: Report, options: Options): Promise<ExitCode> => {
  const request = await requestOf(world, options)
  const engine = await world.engine.findOrStart()
  const { checks } = await engine.call('aws.check', request)
  const found = renderAccountChecks(checks, world.hasColour)
  const missing = checks.filter(({ state }) => state === 'missing')
  if (missing.length > 0) {
    const error = accountLacks(missing)
    report.failure(error, { ready: false, checks, saved: {} }, found)
    return exitCodeOf(error.code)
  }
  const saved = await save(world, report, options)
  report.result(
    { ready: true, checks, saved },
    `${found}\nAWS is ready. To begin: mole up ${request.vpcId === null ? '--target aws' : `--vpc ${request.vpcId}`}`,
  )
  return EXIT.ok
}

/** `mole init`: whether AWS can be used with these credentials, and what is missing. */
export const addInit: AddVerb = (program, toolbox) => {
  const { world } = toolbox
  const command = program
    .command('init')
    .summary('check AWS credentials, permissions and quotas')
    .description(
      'Checks who the AWS credentials are, each permission that is needed, and the quotas, without making anything. Names each missing action and what to do about it.\nWhere nothing is missing, --profile and --region are kept in your configuration (aws.profile, aws.region), after saying so. Credentials themselves are never kept.\n--vpc says which VPC is checked; otherwise it is that of your configuration (deployment.vpc), else the default one of the region. It is not kept: "mole up --vpc" is told again.\n--profile is a credentials profile of ~/.aws/config here; "mole up --profile" is a profile saved by "mole create-profile", and --aws-profile the other.',
    )
    .option('--profile <credentials>', 'credentials profile of ~/.aws/config')
    .option('--region <region>', 'region, such as us-west-2')
    .option('--vpc <id>', 'check this VPC in place of the default one, such as vpc-12345')
    .option('--instance-types <type,...>', 'check that these can be had, such as c6gn.medium,t4g.small')
    .option('--policy', 'print the least-privilege IAM policy as JSON, and check nothing')
  finishVerb<Options>(command, toolbox, EXAMPLES, (report, options) =>
    options.policy === true ? printPolicy(world, report) : check(world, report, options),
  )
}
