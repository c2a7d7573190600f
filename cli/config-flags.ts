import { isDeepStrictEqual } from 'node:util'
import { type Command, Option } from 'commander'
import { MoleError } from '../contract/errors.ts'
import { findKey, valuesOf } from '../domain/config/keys.ts'
import { mergeValues } from '../domain/config/merge.ts'
import type { ConfigValues } from '../domain/config/schema.ts'
import type { FlagValue } from '../engine/config/load.ts'
import { plainText } from './plain-text.ts'
import { wholeNumber } from './whole-number.ts'

/** An option that sets a key of the configuration. */
type ConfigFlag = {
  readonly flag: string
  /** The key's dotted path. */
  readonly path: string
  /** What follows it, as help shows it; `null` when it takes no value. */
  readonly operand: string | null
  readonly description: string
  /** The value as a document would have it, of the text that was given. Refused later where it is not acceptable. */
  written(text: string): unknown
  /** It says that the target is AWS. */
  readonly isForAws?: true
  /** Heading it has in help; default: that of the plan. */
  readonly heading?: string
  /** Only a command that asks for it has it. */
  readonly isSpecial?: true
}

const same = (text: string): string => text
const list = (text: string): string[] => text.split(',').map((each) => each.trim())
/** Strict decimal: `25` or `12.50`. */
const amount = (text: string): number => (/^[0-9]{1,12}(\.[0-9]{1,6})?$/.test(text) ? Number(text) : Number.NaN)

const PLAN = 'The plan:'
const AWS = 'AWS, each of which means --target aws:'

const FLAGS: readonly ConfigFlag[] = [
  {
    flag: '--target',
    path: 'deployment.target',
    operand: '<target>',
    description: 'where the far end is: lab (on this machine, free) or aws',
    written: same,
  },
  {
    flag: '--tunnels',
    path: 'deployment.tunnels',
    operand: '<n>',
    description: 'number of tunnels; one bastion carries 1 to 8',
    written: wholeNumber,
  },
  {
    flag: '--bastions',
    path: 'deployment.bastions',
    operand: '<n>',
    description: 'fewest bastions the tunnels are spread over, 1 to 8; more are made where the tunnels need them',
    written: wholeNumber,
  },
  {
    flag: '--path-rate',
    path: 'lab.path_rate',
    operand: '<rate>',
    description: "lab: rate of each tunnel's internet path, such as 200M or 1.5G",
    written: same,
  },
  {
    flag: '--base-cidr',
    path: 'tunnel.base_cidr',
    operand: '<cidr>',
    description: 'addresses inside the tunnels, a /16',
    written: same,
  },
  {
    flag: '--private-cidr',
    path: 'deployment.private_cidr',
    operand: '<cidr>',
    description: 'private network at the far end',
    written: same,
  },
  {
    flag: '--mtu',
    path: 'tunnel.mtu',
    operand: '<bytes>',
    description: 'MTU inside the tunnels, 1280 to 8940',
    written: wholeNumber,
  },
  {
    flag: '--vpc',
    path: 'deployment.vpc',
    operand: '<id>',
    description: 'the VPC of the bastions, such as vpc-12345; the default VPC where none is given',
    written: same,
    isForAws: true,
    heading: AWS,
  },
  {
    flag: '--region',
    path: 'aws.region',
    operand: '<region>',
    description: 'where it is made, such as us-west-2',
    written: same,
    isForAws: true,
    heading: AWS,
  },
  {
    flag: '--aws-profile',
    path: 'aws.profile',
    operand: '<credentials>',
    description: 'credentials profile of ~/.aws/config (--profile is a saved profile of ours)',
    written: same,
    isForAws: true,
    heading: AWS,
  },
  {
    flag: '--instance-types',
    path: 'aws.instance_types',
    operand: '<type,...>',
    description: 'instance types in order of preference, such as c6gn.medium,t4g.small',
    written: list,
    isForAws: true,
    heading: AWS,
  },
  {
    flag: '--instance-type',
    path: 'aws.instance_types',
    operand: '<type,...>',
    description: 'the same as --instance-types',
    written: list,
    isForAws: true,
    heading: AWS,
  },
  {
    flag: '--subnets',
    path: 'aws.subnets',
    operand: '<id,...>',
    description: 'public subnets the bastions are launched in, in turn',
    written: list,
    isForAws: true,
    heading: AWS,
  },
  {
    flag: '--zones',
    path: 'aws.availability_zones',
    operand: '<zone,...>',
    description: 'availability zones in which subnets are looked for',
    written: list,
    isForAws: true,
    heading: AWS,
  },
  {
    flag: '--max-instances',
    path: 'aws.max_instances',
    operand: '<n>',
    description: 'most bastions, 1 to 8',
    written: wholeNumber,
    isForAws: true,
    heading: AWS,
  },
  {
    flag: '--market',
    path: 'aws.market',
    operand: '<market>',
    description: 'on-demand, or spot: cheaper, and taken back at two minutes’ notice',
    written: same,
    isForAws: true,
    heading: AWS,
  },
  {
    flag: '--spot',
    path: 'aws.market',
    operand: null,
    description: 'the same as --market spot',
    written: () => 'spot',
    isForAws: true,
    heading: AWS,
  },
  {
    flag: '--source-cidr',
    path: 'aws.source_cidr',
    operand: '<cidr>',
    description: 'whom the security group lets in; this host’s public address where none is given',
    written: same,
    isForAws: true,
    heading: AWS,
  },
  {
    flag: '--routing',
    path: 'aws.routing',
    operand: '<routing>',
    description: 'how replies find back: nat (on the bastion) or routes (in the VPC)',
    written: same,
    isForAws: true,
    heading: AWS,
  },
  {
    flag: '--lease',
    path: 'aws.lease',
    operand: '<duration>',
    description: 'a bastion that no tunnel has reached for so long ends itself, such as 24h; 0s: never',
    written: same,
    isForAws: true,
    heading: AWS,
  },
  {
    flag: '--budget',
    path: 'aws.budget_usd',
    operand: '<dollars>',
    description: 'what it may cost in all, in US dollars; alerts at 50, 80 and 100 %',
    written: amount,
    isForAws: true,
    heading: AWS,
  },
  {
    flag: '--at-budget',
    path: 'aws.at_budget',
    operand: '<act>',
    description: 'at 100 % of the budget: alert, or shut-down',
    written: same,
    isForAws: true,
    heading: AWS,
  },
  {
    flag: '--auto-optimize',
    path: 'deployment.auto_optimize',
    operand: null,
    description: 'probe first, and let what was measured choose',
    written: () => true,
  },
  {
    flag: '--strategy',
    path: 'mptcp.scheduler',
    operand: '<strategy>',
    description: 'Multipath TCP: how segments are spread: roundrobin, redundant or adaptive',
    written: same,
    isSpecial: true,
  },
  {
    flag: '--mptcp',
    path: 'mptcp.enable',
    operand: null,
    description: 'offer Multipath TCP over the tunnels: one connection uses all of them',
    written: () => true,
    isSpecial: true,
  },
]

const TARGET = 'deployment.target'

/** The options of a command as commander hands them over: text, or `true` of one that takes no value. */
export type ConfigFlagOptions = Readonly<Record<string, string | boolean | undefined>>

const optionOf = ({ flag, operand, path, description, heading = PLAN }: ConfigFlag): Option => {
  const fallback = findKey(path)?.fallback
  const isTold = operand !== null && (typeof fallback === 'string' || typeof fallback === 'number')
  return new Option(
    operand === null ? flag : `${flag} ${operand}`,
    isTold ? `${description} (default ${fallback})` : description,
  ).helpGroup(heading)
}

/** Gives a command every option that sets a key of the configuration; with `special`, those of that name too. */
export const addConfigFlags = (command: Command, special: readonly string[] = []): Command => {
  for (const each of FLAGS)
    if (each.isSpecial !== true || special.includes(each.flag)) command.addOption(optionOf(each))
  return command
}

/** The option that sets a key, `null` when there is none. */
export const flagOfKey = (path: string): string | null => FLAGS.find((each) => each.path === path)?.flag ?? null

const refused = (flag: string, given: string, reason: string): MoleError =>
  new MoleError('bad-input', `${flag} ${given}: ${reason}`, {
    field: flag,
    meaning: 'Nothing was changed.',
    nextStep: `Correct ${flag} and try again.`,
  })

const onlyForAws = (flag: string): MoleError =>
  new MoleError('bad-input', `${flag} is for the target aws, and --target lab was given.`, {
    field: flag,
    meaning: 'The lab has no such thing. Nothing was changed.',
    nextStep: `Leave out ${flag}, or give --target aws.`,
  })

const contradictory = (one: FlagValue, other: FlagValue): MoleError =>
  new MoleError('bad-input', `${one.flag} and ${other.flag} say different things of one key, ${one.path}.`, {
    field: other.flag,
    meaning: 'Nothing was changed.',
    nextStep: 'Give one of them.',
  })

/** Two options may set one key; they must agree. @throws MoleError `bad-input`. */
const agreeing = (flags: readonly FlagValue[]): FlagValue[] =>
  flags.filter((flag, index) => {
    const first = flags.findIndex(({ path }) => path === flag.path)
    const one = flags[first] as FlagValue
    if (!isDeepStrictEqual(one.value, flag.value)) throw contradictory(one, flag)
    return first === index
  })

/**
 * Reads an option by the rule of a key of the configuration. `written` makes of the text what a document would have.
 * @throws MoleError `bad-input` naming the option and the reason.
 */
export const parseKey = (
  path: string,
  flag: string,
  given: string,
  written: (text: string) => unknown = same,
): unknown => {
  const value = written(given)
  const reason = findKey(path)?.schema.safeParse(value).error?.issues[0]?.message
  if (reason !== undefined) throw refused(flag, plainText(given), reason)
  return value
}

/**
 * What the options of a command say, by itself sound. An option that only AWS has says that AWS is the target.
 * @throws MoleError `bad-input` naming the option.
 */
export const flagValuesOf = (options: ConfigFlagOptions): FlagValue[] => {
  const given = FLAGS.flatMap((each) => {
    const text = options[optionOf(each).attributeName()]
    if (text === undefined) return []
    const { path, flag, written, isForAws = false } = each
    return [{ flag, path, value: parseKey(path, flag, String(text), written), isForAws }]
  })
  const values = agreeing(given.map(({ flag, path, value }) => ({ flag, path, value })))
  const forAws = given.find(({ isForAws }) => isForAws)
  if (forAws === undefined) return values
  const target = given.find(({ path }) => path === TARGET)
  if (target?.value === 'lab') throw onlyForAws(forAws.flag)
  return target === undefined ? [...values, { flag: forAws.flag, path: TARGET, value: 'aws' }] : values
}

/** What flags say, as a document would. */
export const documentValues = (flags: readonly FlagValue[]): ConfigValues =>
  flags.map(({ path, value }) => valuesOf(path, value)).reduce(mergeValues, {})
