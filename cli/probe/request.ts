import { resolve } from 'node:path'
import { findKey } from '../../domain/config/keys.ts'
import { probeOf } from '../../domain/config/probe-of.ts'
import type { Config } from '../../domain/config/schema.ts'
import { nearWord } from '../../domain/near-word.ts'
import { PROBE_PARTS, type ProbePart, ProbeRequest, type ProbeTarget } from '../../domain/probe/request.ts'
import type { FlagValue } from '../../engine/config/load.ts'
import { parseKey } from '../config-flags.ts'
import { wholeNumber } from '../whole-number.ts'
import { contradicted, refused } from './refused.ts'
import { type TargetOptions, targetOf } from './target.ts'

/** What `mole probe` may be told. */
export type RequestOptions = TargetOptions & {
  readonly quick?: boolean
  readonly parts?: string
  readonly streams?: string
  readonly duration?: string
  readonly mtuRange?: string
  readonly direction?: string
  readonly udp: boolean
  readonly sourceFile?: string
  readonly regions?: string
}

const numbers = (text: string): number[] => text.split(',').map((each) => wholeNumber(each.trim()))
/** iperf3 counts in seconds, and so do people who give no unit. */
const duration = (text: string): string => (/^[0-9]{1,4}$/.test(text) ? `${text}s` : text)

const flagOf = (
  path: string,
  flag: string,
  text: string | undefined,
  written: (text: string) => unknown,
): FlagValue[] => (text === undefined ? [] : [{ flag, path, value: parseKey(path, flag, text, written) }])

/** The options that are keys of the configuration. @throws MoleError `bad-input` naming the option. */
export const probingFlags = ({ streams, duration: seconds, mtuRange }: RequestOptions): FlagValue[] => [
  ...flagOf('probing.parallel_streams', '--streams', streams, numbers),
  ...flagOf('probing.test_duration', '--duration', seconds, duration),
  ...flagOf('probing.mtu_range', '--mtu-range', mtuRange, numbers),
]

const wordsOf = <Word extends string>(flag: string, text: string, words: readonly Word[]): Word[] =>
  text.split(',').map((each) => {
    const word = words.find((one) => one === each.trim())
    if (word !== undefined) return word
    const near = nearWord(each, words)
    throw refused(flag, each, `must be of ${words.join(', ')}`, near === null ? undefined : `Did you mean "${near}"?`)
  })

/** What there is to measure where there is nothing to measure towards. */
const WITHOUT_TARGET: readonly ProbePart[] = ['interface', 'latency']

const chosenParts = ({ quick, parts }: RequestOptions, { kind }: ProbeTarget): ProbePart[] => {
  if (quick === true && parts !== undefined)
    throw contradicted(
      '--quick and --parts were both given.',
      '--parts',
      'Give one of them; --quick is all but bandwidth.',
    )
  const chosen = parts === undefined ? null : wordsOf('--parts', parts, PROBE_PARTS)
  const lacking = kind === 'none' ? chosen?.find((part) => !WITHOUT_TARGET.includes(part)) : undefined
  if (lacking !== undefined)
    throw refused(
      '--parts',
      lacking,
      'there is nothing to measure it towards',
      'Name a host, or add --lab, --deployment or --aws.',
    )
  if (chosen !== null) return PROBE_PARTS.filter((part) => chosen.includes(part))
  return PROBE_PARTS.filter((part) =>
    kind === 'none' ? WITHOUT_TARGET.includes(part) : quick !== true || part !== 'bandwidth',
  )
}

const parseRegion = (flag: string, text: string): string => {
  const region = text.trim()
  const reason = findKey('aws.region')?.schema.safeParse(region).error?.issues[0]?.message
  if (reason !== undefined) throw refused(flag, text, flag === '--regions' ? `${reason}, or all, or none` : reason)
  return region
}

/** `null`: all that are known. The lab's site is in no region. */
const regionsOf = ({ regions, region }: RequestOptions, { kind }: ProbeTarget): string[] | null => {
  if (regions === 'all') return null
  if (regions === 'none') return []
  if (regions?.split(',').some((each) => each === 'all' || each === 'none'))
    throw refused('--regions', regions, '"all" and "none" go with nothing else')
  if (regions !== undefined) return [...new Set(regions.split(',').map((each) => parseRegion('--regions', each)))]
  if (region !== undefined) return [parseRegion('--region', region)]
  return kind === 'lab' || kind === 'deployment' ? [] : null
}

/** @throws MoleError `bad-input` where round trips are all that is wanted, and there is nowhere to take them to. */
const refuseNothing = ({ kind }: ProbeTarget, parts: readonly ProbePart[], regions: readonly string[] | null): void => {
  if (kind === 'none' && regions?.length === 0 && parts.every((part) => part === 'latency'))
    throw contradicted(
      '--regions none leaves nothing to measure.',
      '--regions',
      'Leave it out, or name a host: mole probe HOST',
    )
}

const DIRECTIONS = ['upload', 'download'] as const

const directionsOf = (text: string | undefined): Partial<Pick<ProbeRequest, 'directions'>> => {
  if (text === undefined) return {}
  const words = wordsOf('--direction', text, [...DIRECTIONS, 'both'])
  return { directions: DIRECTIONS.filter((direction) => words.includes('both') || words.includes(direction)) }
}

/**
 * The probe that a command line asks for, by a configuration that holds `probingFlags` already.
 * @throws MoleError `bad-input` naming the option.
 */
export const requestOf = (options: RequestOptions, host: string | undefined, config: Config): ProbeRequest => {
  const target = targetOf(options, host, config)
  const [parts, regions] = [chosenParts(options, target), regionsOf(options, target)]
  refuseNothing(target, parts, regions)
  const parsed = ProbeRequest.safeParse({
    ...probeOf(config),
    target,
    parts,
    regions,
    ...directionsOf(options.direction),
    udp: options.udp,
    // The engine stands elsewhere.
    sourceFile: options.sourceFile === undefined ? null : resolve(options.sourceFile),
  })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw contradicted(
    `No such probe is possible: ${issue?.path.join('.')}: ${issue?.message}`,
    String(issue?.path[0]),
    'Ask for less of it.',
  )
}
