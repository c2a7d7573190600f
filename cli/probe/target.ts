import { z } from 'zod'
import { Cidr } from '../../domain/addressing.ts'
import { AwsProfileName, AwsRegion, InstanceTypeName } from '../../domain/aws-plan.ts'
import type { Config } from '../../domain/config/schema.ts'
import { HostName, ProbeTarget } from '../../domain/probe/request.ts'
import { parseNumber } from '../whole-number.ts'
import { contradicted, refused } from './refused.ts'
import { parseSiteCondition } from './site-condition.ts'

/** The options that say what is measured towards. */
export type TargetOptions = {
  readonly lab?: boolean
  readonly labCondition?: string
  readonly deployment?: boolean
  readonly aws?: boolean
  readonly region?: string
  readonly instanceType?: string
  readonly awsProfile?: string
  readonly sourceCidr?: string
  readonly iperf3Port?: string
  readonly echoPort?: string
}

const Port = z.int().min(1).max(65_535)

/** `null` where it was not given. @throws MoleError `bad-input`. */
const parseText = <T>(rule: z.ZodType<T>, flag: string, text: string | undefined): T | null => {
  if (text === undefined) return null
  const parsed = rule.safeParse(text)
  if (parsed.success) return parsed.data
  throw refused(flag, text, parsed.error.issues[0]?.message ?? 'cannot be read')
}

const portsOf = ({ iperf3Port, echoPort }: TargetOptions) => ({
  ...(iperf3Port === undefined ? {} : { iperf3Port: parseNumber(Port, iperf3Port, '--iperf3-port') }),
  ...(echoPort === undefined ? {} : { echoPort: parseNumber(Port, echoPort, '--echo-port') }),
})

/** The option that was given of those that only one kind of target has. */
const given = (
  options: TargetOptions,
  names: readonly (readonly [keyof TargetOptions, string])[],
): string | undefined => names.find(([name]) => options[name] !== undefined)?.[1]

const AWS_ONLY = [
  ['instanceType', '--instance-type'],
  ['awsProfile', '--aws-profile'],
  ['sourceCidr', '--source-cidr'],
] as const
const PORTS = [
  ['iperf3Port', '--iperf3-port'],
  ['echoPort', '--echo-port'],
] as const

/** @throws MoleError `bad-input` for an option that says nothing of this target. */
const refuseStrangers = (kind: ProbeTarget['kind'], options: TargetOptions): void => {
  const ofAws = given(options, AWS_ONLY)
  if (kind !== 'aws' && ofAws !== undefined)
    throw contradicted(`${ofAws} is for --aws, which was not given.`, ofAws, `Add --aws, or leave out ${ofAws}.`)
  const port = given(options, PORTS)
  if (kind !== 'host' && kind !== 'deployment' && port !== undefined)
    throw contradicted(`${port} is for a host that you name.`, port, `Name the host: mole probe HOST ${port} N`)
}

/** What was named to measure towards, each as it was written. */
const namedTargets = (options: TargetOptions, host: string | undefined): [ProbeTarget['kind'], string][] => [
  ...(options.lab === true || options.labCondition !== undefined
    ? [['lab', options.lab === true ? '--lab' : '--lab-condition'] as [ProbeTarget['kind'], string]]
    : []),
  ...(options.deployment === true ? [['deployment', '--deployment'] as [ProbeTarget['kind'], string]] : []),
  ...(options.aws === true ? [['aws', '--aws'] as [ProbeTarget['kind'], string]] : []),
  // Of a deployment it is the host behind the tunnels.
  ...(host !== undefined && options.deployment !== true ? [['host', 'a host'] as [ProbeTarget['kind'], string]] : []),
]

const kindOf = (options: TargetOptions, host: string | undefined): ProbeTarget['kind'] => {
  const [first, second] = namedTargets(options, host)
  if (first === undefined) return 'none'
  if (second !== undefined)
    throw contradicted(
      `${first[1]} and ${second[1]} were both given.`,
      'target',
      'A probe measures towards one thing: give one of them.',
    )
  return first[0]
}

const awsOf = (options: TargetOptions, { aws }: Config): ProbeTarget => {
  const region = parseText(AwsRegion, '--region', options.region) ?? aws.region
  if (region === null)
    throw contradicted('--aws needs a region.', '--region', 'Add one, such as --region us-west-2, or set aws.region.')
  return {
    kind: 'aws',
    profile: parseText(AwsProfileName, '--aws-profile', options.awsProfile) ?? aws.profile,
    region,
    instanceType: parseText(InstanceTypeName, '--instance-type', options.instanceType),
    allowedCidr: parseText(Cidr, '--source-cidr', options.sourceCidr) ?? aws.source_cidr,
  }
}

/**
 * What a command line measures towards; without any word of it, nothing but this machine and the regions.
 * @throws MoleError `bad-input` naming the option.
 */
export const targetOf = (options: TargetOptions, host: string | undefined, config: Config): ProbeTarget => {
  const kind = kindOf(options, host)
  refuseStrangers(kind, options)
  const name = parseText(HostName, 'HOST', host)
  if (kind === 'lab') return { kind, site: parseSiteCondition(options.labCondition ?? '') }
  if (kind === 'aws') return awsOf(options, config)
  if (kind === 'none' || (kind === 'host' && name === null)) return { kind: 'none' }
  return ProbeTarget.parse({ kind, host: name, ...portsOf(options) })
}
