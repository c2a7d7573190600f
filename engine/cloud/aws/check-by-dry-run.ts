import { DescribeSpotInstanceRequestsCommand, type Filter, type SpotInstanceRequest } from '@aws-sdk/client-ec2'
import type { AwsVpc } from '../../../contract/app.ts'
import type { AwsAccess } from './access.ts'
import { CLOUD_CALLS, type CloudCall } from './calls.ts'
import type { Finding, Findings } from './check-findings.ts'
import { type TrialGround, trialOf } from './check-trials.ts'
import { awsCodeOf, kindOfAwsError } from './error-kinds.ts'
import { findImage } from './image.ts'
import { exists, listGroups, listInstances } from './inventory.ts'
import { isLent, listRouteTables } from './routes.ts'
import { ANY_DEPLOYMENT } from './tags.ts'

/** So many at once: AWS allows bursts of this size and more. */
const AT_ONCE = 6

const OURS: Filter[] = [ANY_DEPLOYMENT]

/** What meets every call alike ends the check; other errors are answers. */
const ends = (error: unknown): boolean =>
  ['expired', 'no-credentials', 'unreachable', 'throttled', 'cancelled', 'garbled'].includes(kindOfAwsError(error))

/** Something to try calls on, if it may be looked for. */
const ifAllowed = async <T>(looking: Promise<T | undefined>): Promise<T | null> => {
  try {
    return (await looking) ?? null
  } catch (error) {
    if (ends(error)) throw error
    return null
  }
}

const first = async <T>(items: Promise<readonly T[]>, fits: (item: T) => boolean): Promise<T | undefined> =>
  (await items).find(fits)

const listOurSpotRequests = (access: AwsAccess): Promise<SpotInstanceRequest[]> =>
  access.list('listing Spot requests', async (NextToken, { ec2 }, options) => {
    const answer = await ec2.send(new DescribeSpotInstanceRequestsCommand({ Filters: OURS, NextToken }), options)
    return { items: answer.SpotInstanceRequests, next: answer.NextToken }
  })

const observeGround = async (access: AwsAccess, vpc: AwsVpc | null): Promise<TrialGround> => {
  const [imageId, instance, group, spotRequest, table] = await Promise.all([
    ifAllowed(findImage(access, 'arm64')),
    ifAllowed(first(listInstances(access, OURS), exists)),
    ifAllowed(first(listGroups(access, OURS), ({ VpcId }) => VpcId === vpc?.id)),
    ifAllowed(first(listOurSpotRequests(access), ({ State }) => State === 'open' || State === 'active')),
    ifAllowed(vpc === null ? Promise.resolve(undefined) : first(listRouteTables(access, vpc.id), isLent)),
  ])
  return {
    imageId,
    vpcId: vpc?.id ?? null,
    subnetId: (vpc?.subnets.find(({ isPublic }) => isPublic) ?? vpc?.subnets[0])?.id ?? null,
    instanceId: instance?.InstanceId ?? null,
    groupId: group?.GroupId ?? null,
    spotRequestId: spotRequest?.SpotInstanceRequestId ?? null,
    routeTableId: table?.RouteTableId ?? null,
  }
}

/** What AWS refused, by its own words; `null` where they do not say. */
const refusedAction = (error: unknown): string | null => {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return /perform:? (?:the )?([a-z0-9-]+:[A-Za-z]+)/.exec(cause instanceof Error ? cause.message : '')?.[1] ?? null
}

const codeOf = (error: unknown): string => awsCodeOf(error instanceof Error ? (error.cause ?? error) : error)

/** A launch goes behind a security group of ours; where there is none, the trial's may be refused for that alone. */
const NO_GROUP = 'Nothing of ours is here to try it on fairly'

/**
 * What AWS's answer to a trial says of the call. Pure.
 * @param error `null` when AWS did what was asked, which happens with calls that only read
 */
export const judgeTrial = (call: CloudCall, error: unknown, ground: TrialGround): Finding => {
  if (error === null || codeOf(error) === 'DryRunOperation') return { call, verdict: 'allowed', why: null }
  // AWS looked, so it may be asked.
  if (call.touches.length === 0 && /NotFound|NoSuchResource/.test(codeOf(error)))
    return { call, verdict: 'allowed', why: null }
  if (kindOfAwsError(error) !== 'denied')
    return { call, verdict: 'unknown', why: `AWS answered ${codeOf(error)} to the trial` }
  const refused = refusedAction(error)
  if (refused !== null && refused !== call.action)
    return { call, verdict: 'unknown', why: `AWS refused ${refused} before it` }
  if (refused === null && call.createAction !== undefined)
    return { call, verdict: 'unknown', why: 'AWS refused the call that it is part of' }
  const isLaunch = call.action === 'ec2:RunInstances'
  return isLaunch && ground.groupId === null
    ? { call, verdict: 'unknown', why: NO_GROUP }
    : { call, verdict: 'denied', why: null }
}

const tryCall = async (access: AwsAccess, call: CloudCall, ground: TrialGround): Promise<Finding> => {
  const trial = trialOf(call, ground)
  if (trial === null) return { call, verdict: 'unknown', why: 'Nothing is here to try it on' }
  try {
    await access.ask(`trying ${call.action}`, trial)
    return judgeTrial(call, null, ground)
  } catch (error) {
    if (ends(error)) throw error
    return judgeTrial(call, error, ground)
  }
}

const METHOD =
  'Found out by trying each call with DryRun, which makes nothing and tests neither room nor quota; iam:SimulatePrincipalPolicy, which knows better, could not be asked with these credentials.'

/** What the caller may do, by AWS's answers to calls that make nothing. */
export const tryPermissions = async (access: AwsAccess, vpc: AwsVpc | null): Promise<Findings> => {
  const ground = await observeGround(access, vpc)
  const findings: Finding[] = []
  for (let from = 0; from < CLOUD_CALLS.length; from += AT_ONCE)
    findings.push(
      ...(await Promise.all(CLOUD_CALLS.slice(from, from + AT_ONCE).map((call) => tryCall(access, call, ground)))),
    )
  return { method: METHOD, findings }
}
