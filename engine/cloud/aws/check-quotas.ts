import type { Instance } from '@aws-sdk/client-ec2'
import { GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas'
import type { DoctorCheck } from '../../../contract/app.ts'
import { MoleError } from '../../../contract/errors.ts'
import type { AwsAccess } from './access.ts'
import { kindOfAwsError } from './error-kinds.ts'
import { type OfferedType, observeInstanceTypes } from './instance-types.ts'
import { isAlive, listInstances } from './inventory.ts'

type Market = 'on-demand' | 'spot'

/**
 * vCPUs that may run at once of the standard families (A, C, D, H, I, M, R, T, Z).
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html
 */
export const STANDARD_VCPUS: Readonly<Record<Market, string>> = { 'on-demand': 'L-1216C47A', spot: 'L-34B43A08' }

const TITLES: Readonly<Record<Market, string>> = { 'on-demand': 'vCPU quota, on demand', spot: 'vCPU quota, Spot' }

/** Families by letter; `inf`, `trn`, `g`, `p`, `x`, `u` and others have quotas of their own. */
const isStandard = (type: string): boolean => /^(a|c|d|h|i|im|is|m|r|t|z)[0-9]/.test(type)

const marketOf = ({ InstanceLifecycle }: Instance): Market => (InstanceLifecycle === 'spot' ? 'spot' : 'on-demand')

/** vCPUs in use of a market: those of every instance that runs or starts. Pure. */
export const usedVcpus = (instances: readonly Instance[], types: readonly OfferedType[], market: Market): number =>
  instances
    .filter((instance) => isAlive(instance) && isStandard(instance.InstanceType ?? '') && marketOf(instance) === market)
    .map(({ InstanceType }) => types.find(({ name }) => name === InstanceType)?.vcpus ?? 0)
    .reduce((sum, vcpus) => sum + vcpus, 0)

const quotaRemedy = (market: Market, needed: number, region: string): string =>
  `Ask for at least ${needed} vCPUs: Service Quotas, Amazon EC2, ${STANDARD_VCPUS[market]}, in ${region} (https://console.aws.amazon.com/servicequotas/home/services/ec2/quotas/${STANDARD_VCPUS[market]}).`

const howMany = (free: number, types: readonly OfferedType[]): string =>
  types
    .filter(({ vcpus }) => vcpus > 0)
    .map(({ name, vcpus }) => `${Math.floor(free / vcpus)} × ${name}`)
    .join(', or ')

/**
 * Whether the quota leaves room for a bastion. Lack of it matters for what is launched by default: Spot is a choice. Pure.
 * @param types those a bastion may have
 */
export const judgeQuota = (
  market: Market,
  { quota, used, region }: { readonly quota: number; readonly used: number; readonly region: string },
  types: readonly OfferedType[],
): DoctorCheck => {
  const wanted = types.filter(({ name, vcpus }) => isStandard(name) && vcpus > 0)
  const least = Math.min(...wanted.map(({ vcpus }) => vcpus), ...(wanted.length === 0 ? [1] : []))
  const most = Math.max(...wanted.map(({ vcpus }) => vcpus), 1)
  const free = Math.max(0, quota - used)
  const room = wanted.length === 0 ? '' : `: room for ${howMany(free, wanted)}`
  const lacks = free < least ? (market === 'spot' ? 'warning' : 'missing') : free < most ? 'warning' : 'ok'
  return {
    id: `quota:${STANDARD_VCPUS[market]}`,
    title: TITLES[market],
    state: lacks,
    detail: `${used} of ${quota} vCPUs in use, ${free} free${room}`,
    remedy: lacks === 'ok' ? null : quotaRemedy(market, used + most, region),
  }
}

const unknown = (market: Market, why: string): DoctorCheck => ({
  id: `quota:${STANDARD_VCPUS[market]}`,
  title: TITLES[market],
  state: 'warning',
  detail: `not found out: ${why}`,
  remedy: `See the quota ${STANDARD_VCPUS[market]} in the console under Service Quotas.`,
})

const observeQuota = async (access: AwsAccess, market: Market): Promise<number | string> => {
  try {
    const { Quota } = await access.ask('looking up the vCPU quota', ({ serviceQuotas }, options) =>
      serviceQuotas.send(
        new GetServiceQuotaCommand({ ServiceCode: 'ec2', QuotaCode: STANDARD_VCPUS[market] }),
        options,
      ),
    )
    return Quota?.Value ?? 'AWS names no value'
  } catch (error) {
    if (!(error instanceof MoleError) || ['expired', 'no-credentials', 'cancelled'].includes(kindOfAwsError(error)))
      throw error
    return error.message
  }
}

/** What runs, and how many vCPUs it has, whatever made it. */
const observeUse = async (access: AwsAccess): Promise<(market: Market) => number> => {
  const living = [{ Name: 'instance-state-name', Values: ['pending', 'running'] }]
  const instances = await listInstances(access, living)
  const names = [
    ...new Set(instances.flatMap(({ InstanceType }) => (InstanceType === undefined ? [] : [InstanceType]))),
  ]
  const types = names.length === 0 ? [] : await observeInstanceTypes(access, names)
  return (market) => usedVcpus(instances, types, market)
}

const ipv4: DoctorCheck = {
  id: 'public-ipv4',
  title: 'Public IPv4 addresses',
  state: 'ok',
  detail:
    'each bastion gets one that AWS assigns and takes back with it; no Elastic IP is made, so the quota of those does not matter. AWS charges for it by the hour',
  remedy: null,
}

/** The quotas a bastion stands under, against what is in use now. */
export const checkQuotas = async (access: AwsAccess, types: readonly OfferedType[]): Promise<DoctorCheck[]> => {
  const { region } = access.account
  const use = await observeUse(access).catch((error: unknown) => {
    if (error instanceof MoleError && error.code === 'denied') return error.message
    throw error
  })
  const quotas = await Promise.all(
    (['on-demand', 'spot'] as const).map(async (market) => {
      const quota = await observeQuota(access, market)
      if (typeof quota === 'string') return unknown(market, quota)
      return typeof use === 'string'
        ? unknown(market, use)
        : judgeQuota(market, { quota, used: use(market), region }, types)
    }),
  )
  return [...quotas, ipv4]
}
