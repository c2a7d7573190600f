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
}

const same = (text: string): string => text
const list = (text: string): string[] => text.split(',').map((each) => each.trim())

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
    description: 'aws: the VPC of the bastions, such as vpc-12345',
    written: same,
    isForAws: true,
  },
  {
    flag: '--instance-type',
    path: 'aws.instance_types',
    operand: '<type>',
    description: 'aws: instance type of the bastions, such as c6gn.medium; several separated by commas',
    written: list,
    isForAws: true,
  },
  {
    flag: '--auto-optimize',
    path: 'deployment.auto_optimize',
    operand: null,
    description: 'probe first, and let what was measured choose (not part of this version)',
    written: () => true,
  },
]

const TARGET = 'deployment.target'

/** The options of a command as commander hands them over: text, or `true` of one that takes no value. */
export type ConfigFlagOptions = Readonly<Record<string, string | boolean | undefined>>

const optionOf = ({ flag, operand, path, description }: ConfigFlag): Option => {
  const fallback = findKey(path)?.fallback
  const isTold = operand !== null && (typeof fallback === 'string' || typeof fallback === 'number')
  return new Option(
    operand === null ? flag : `${flag} ${operand}`,
    isTold ? `${description} (default ${fallback})` : description,
  ).helpGroup('The plan:')
}

/** Gives a command every option that sets a key of the configuration. */
export const addConfigFlags = (command: Command): Command => {
  for (const each of FLAGS) command.addOption(optionOf(each))
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
    meaning: 'The lab has neither. Nothing was changed.',
    nextStep: `Leave out ${flag}, or give --target aws.`,
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
  const values = given.map(({ flag, path, value }) => ({ flag, path, value }))
  const forAws = given.find(({ isForAws }) => isForAws)
  if (forAws === undefined) return values
  const target = given.find(({ path }) => path === TARGET)
  if (target?.value === 'lab') throw onlyForAws(forAws.flag)
  return target === undefined ? [...values, { flag: forAws.flag, path: TARGET, value: 'aws' }] : values
}

/** What flags say, as a document would. */
export const documentValues = (flags: readonly FlagValue[]): ConfigValues =>
  flags.map(({ path, value }) => valuesOf(path, value)).reduce(mergeValues, {})
