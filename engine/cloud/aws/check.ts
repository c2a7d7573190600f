import type { AwsIdentity, AwsVpc, DoctorCheck } from '../../../contract/app.ts'
import { MoleError } from '../../../contract/errors.ts'
import type { AwsAccess } from './access.ts'
import { tryPermissions } from './check-by-dry-run.ts'
import { simulatePermissions } from './check-by-simulation.ts'
import { renderFindings } from './check-findings.ts'
import { chooseVpc, judgeOfferings, judgeSubnets, judgeVpc } from './check-places.ts'
import { checkQuotas } from './check-quotas.ts'
import { observeIdentity } from './identity.ts'
import { type OfferedType, observeInstanceTypes } from './instance-types.ts'
import { observeNetworks } from './networks.ts'
import { observeRegions } from './regions.ts'

export type CheckOrder = {
  /** `null` for the default VPC. */
  readonly vpcId: string | null
  /** Types a bastion may have; empty: none is asked for. */
  readonly instanceTypes: readonly string[]
}

const ok = (id: string, title: string, detail: string): DoctorCheck => ({
  id,
  title,
  state: 'ok',
  detail,
  remedy: null,
})

const failed = (id: string, title: string, error: MoleError): DoctorCheck => ({
  id,
  title,
  state: 'missing',
  detail: error.message,
  remedy: error.data.nextStep ?? null,
})

/** What these credentials may not look at is a finding, not the end of the check. */
const unlessDenied = async <T>(id: string, title: string, look: () => Promise<T>): Promise<T | DoctorCheck> => {
  try {
    return await look()
  } catch (error) {
    if (error instanceof MoleError && error.code === 'denied') return failed(id, title, error)
    throw error
  }
}

const isCheck = (value: object): value is DoctorCheck => 'remedy' in value

const checkRegion = async (access: AwsAccess): Promise<DoctorCheck> => {
  const { region } = access.account
  const found = await unlessDenied('region', 'Region', () => observeRegions(access))
  if (isCheck(found)) return found
  return found.includes(region)
    ? ok('region', 'Region', region)
    : {
        id: 'region',
        title: 'Region',
        state: 'missing',
        detail: `${region} is not enabled for this account`,
        remedy: 'Enable it in the console under Account, AWS Regions, or choose another (aws.region).',
      }
}

const checkPermissions = async (access: AwsAccess, identity: AwsIdentity, vpc: AwsVpc | null): Promise<DoctorCheck[]> =>
  renderFindings((await simulatePermissions(access, identity)) ?? (await tryPermissions(access, vpc)))

const observeTypes = async (access: AwsAccess, names: readonly string[]): Promise<OfferedType[] | DoctorCheck> =>
  names.length === 0 ? [] : unlessDenied('offerings', 'Instance types', () => observeInstanceTypes(access, names))

const checkPlaces = async (
  access: AwsAccess,
  order: CheckOrder,
  vpcs: AwsVpc[] | DoctorCheck,
): Promise<DoctorCheck[]> => {
  const { region } = access.account
  const vpc = isCheck(vpcs) ? null : chooseVpc(vpcs, order.vpcId)
  const types = await observeTypes(access, order.instanceTypes)
  return [
    isCheck(vpcs) ? vpcs : judgeVpc(vpcs, order.vpcId, region),
    ...(vpc === null ? [] : [judgeSubnets(vpc)]),
    ...(isCheck(types) ? [types] : judgeOfferings(order.instanceTypes, types, { vpc, region })),
    ...(await checkQuotas(access, isCheck(types) ? [] : types)),
  ]
}

/** Credentials that are none are the one finding: nothing else can be asked. */
const whoAmI = async (access: AwsAccess): Promise<AwsIdentity | DoctorCheck> => {
  try {
    return await observeIdentity(access)
  } catch (error) {
    if (error instanceof MoleError && error.code === 'credentials-expired')
      return failed('credentials', 'AWS credentials', error)
    throw error
  }
}

/**
 * Whether a deployment could be made with these credentials in this region: identity, every permission by name, places,
 * quotas. Nothing is made.
 */
export const checkAccount = async (access: AwsAccess, order: CheckOrder): Promise<DoctorCheck[]> => {
  const identity = await whoAmI(access)
  if (isCheck(identity)) return [identity]
  const [region, vpcs] = await Promise.all([
    checkRegion(access),
    unlessDenied('vpc', 'VPC', () => observeNetworks(access)),
  ])
  const vpc = isCheck(vpcs) ? null : chooseVpc(vpcs, order.vpcId)
  const [places, permissions] = await Promise.all([
    checkPlaces(access, order, vpcs),
    checkPermissions(access, identity, vpc),
  ])
  const credentials = ok('credentials', 'AWS credentials', `${identity.arn} in account ${identity.account}`)
  return [credentials, region, ...places, ...permissions]
}
