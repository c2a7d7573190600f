import type { AwsVpc } from '../../../contract/app.ts'
import { MoleError } from '../../../contract/errors.ts'
import { ECHO_PORT, IPERF3_PORT } from '../../../domain/probe/request.ts'
import { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { bootFailure } from '../bastion/boot-failure.ts'
import type { BastionRequest, ProbeBastion, Tell, Whose } from '../provider.ts'
import type { AwsAccess } from './access.ts'
import { chooseSubnets, chooseVpc } from './choose-network.ts'
import { leftoversOf, observeHoldings } from './holdings.ts'
import { type OfferedType, observeInstanceTypes } from './instance-types.ts'
import { type BastionKind, launchBastion } from './launch-bastion.ts'
import { observeNetworks } from './networks.ts'
import { probeBastionSays, renderProbeUserData } from './probe-user-data.ts'
import { readConsole } from './published-ends.ts'
import { removeDeployment } from './removal.ts'
import { ensureSecurityGroup, type Purpose } from './security-group.ts'
import { usableTypes } from './usable-types.ts'
import type { YoungGroups } from './young-groups.ts'

/** Enough network and memory for what a gateway lets through, small enough to cost little; the first that can be had. */
const TYPES = ['c6gn.large', 'c7gn.large', 'c6in.large', 'c5n.large', 'c6gn.medium']

const POLL_MS = 2000
/** It boots, and installs one package. */
const LIMIT_MS = 300_000

const open = (protocol: string, from: number, to: number, sourceCidr: string) => ({
  IpProtocol: protocol,
  FromPort: from,
  ToPort: to,
  IpRanges: [{ CidrIp: sourceCidr, Description: 'Cloud Mole probe' }],
})

/** What a probe knocks at, from who measures and nobody else. For ICMP the numbers are type and code: echo, any. */
export const FOR_PROBES: Purpose = {
  description: 'probe from the data transfer node',
  ports: `UDP ${ECHO_PORT} and ${IPERF3_PORT}, TCP ${IPERF3_PORT} and ICMP echo`,
  rulesFor: (sourceCidr) => [
    open('udp', ECHO_PORT, ECHO_PORT, sourceCidr),
    open('udp', IPERF3_PORT, IPERF3_PORT, sourceCidr),
    open('tcp', IPERF3_PORT, IPERF3_PORT, sourceCidr),
    open('icmp', 8, -1, sourceCidr),
  ],
}

const OF_PROBES: BastionKind = { forwards: false, renderUserData: renderProbeUserData }

/** A plan that names no more than whose AWS is meant: all of a probe is found by its tag. */
const barePlan = ({ profile, region, instanceType, allowedCidr }: ProbeBastion): DeploymentPlan =>
  DeploymentPlan.parse({
    target: 'aws',
    tunnels: 1,
    aws: {
      profile,
      region,
      instanceTypes: instanceType === null ? TYPES : [instanceType],
      sourceCidr: allowedCidr,
      wholeVpc: false,
    },
  })

/** Where a probe's bastion can stand, and as what. */
export type ProbePlaces = {
  readonly plan: DeploymentPlan
  readonly vpcId: string
  readonly types: readonly OfferedType[]
  readonly places: readonly { readonly subnetId: string; readonly zone: string }[]
}

/**
 * The default VPC where it has a public subnet, or the first that has one: whatever else is in it, a probe's bastion can only
 * be called on by who measures, and calls on nobody.
 */
const chooseProbeVpc = (vpcs: readonly AwsVpc[], region: string): AwsVpc => {
  const byRank = [...vpcs].sort((a, b) => Number(b.isDefault) - Number(a.isDefault) || (a.id < b.id ? -1 : 1))
  const fit = byRank.find(({ subnets }) => subnets.some(({ isPublic, freeAddresses }) => isPublic && freeAddresses > 0))
  return fit ?? chooseVpc(vpcs, null, region)
}

/** Looks where it can stand: in a public subnet of the region. @throws MoleError `bad-input` where there is none. */
export const findProbePlaces = async (access: AwsAccess, asked: ProbeBastion): Promise<ProbePlaces> => {
  const plan = barePlan(asked)
  const names = plan.aws?.instanceTypes ?? []
  const [vpcs, known] = await Promise.all([observeNetworks(access), observeInstanceTypes(access, names)])
  const vpc = chooseProbeVpc(vpcs, asked.region)
  const subnets = chooseSubnets(vpc, { subnetIds: [], availabilityZones: [] }, asked.region)
  const places = subnets.map(({ id: subnetId, zone }) => ({ subnetId, zone }))
  const types = usableTypes(
    names,
    known,
    places.map(({ zone }) => zone),
  )
  const aws = {
    ...plan.aws,
    vpcId: vpc.id,
    subnetIds: places.map(({ subnetId }) => subnetId),
    instanceTypes: types.map(({ name }) => name),
  }
  return { plan: DeploymentPlan.parse({ ...plan, aws }), vpcId: vpc.id, types, places }
}

const tooSlow = (id: string): MoleError =>
  new MoleError('timeout', `The probe bastion ${id} did not answer within ${LIMIT_MS / 60_000} minutes.`, {
    field: 'target',
    meaning: 'It was launched, and did not say on its console that it is ready. It is being taken away.',
    nextStep: 'Try again; if it stays so, see that its subnet reaches the internet: it installs iperf3 from there.',
  })

const awaitReady = async (access: AwsAccess, id: string, instanceId: string): Promise<void> => {
  const { clock, signal } = access
  const startedMs = clock.monotonicMs()
  for (;;) {
    const text = await readConsole(access, instanceId)
    const says = probeBastionSays(text)
    if (says === 'ready') return
    if (says === 'failed')
      throw bootFailure(id, text, 'Try again. It installs iperf3 when it boots, so its subnet must reach the internet.')
    if (clock.monotonicMs() - startedMs > LIMIT_MS) throw tooSlow(id)
    await clock.sleep(POLL_MS, signal)
  }
}

/** Makes a probe's bastion, or takes over what an earlier try has made, and resolves when it answers. @throws MoleError */
export const openProbeBastion = async (
  access: AwsAccess,
  asked: ProbeBastion,
  callerCidr: string,
  young: YoungGroups,
  tell: Tell,
): Promise<string> => {
  const { plan, vpcId } = await findProbePlaces(access, asked)
  const findSource = async (): Promise<string> => callerCidr
  await ensureSecurityGroup(access, { deploymentId: asked.id, vpcId, findSource, young, purpose: FOR_PROBES }, tell)
  const request: BastionRequest = {
    id: asked.id,
    plan,
    bastionId: `${asked.id}-b1`,
    index: 1,
    launch: 1,
    hostPublicKeys: [],
  }
  const { publicAddress, machine } = await launchBastion(access, request, tell, OF_PROBES)
  tell(`The probe bastion ${publicAddress} is booting`)
  await awaitReady(access, request.bastionId, machine?.instanceId ?? '')
  return publicAddress
}

const notGone = (id: string, left: readonly string[]): MoleError =>
  new MoleError('drift', `The probe bastion ${id} is not gone whole.`, {
    field: id,
    meaning: `AWS still lists: ${left.join('; ')}.`,
    nextStep: 'Take it away with "mole down --cleanup-all".',
  })

/** Takes away all that carries the probe's tag, and proves it by listing again. @throws MoleError */
export const removeProbeBastion = async (
  access: AwsAccess,
  asked: ProbeBastion,
  young: YoungGroups,
  tell: Tell,
): Promise<void> => {
  const whose: Whose = { id: asked.id, plan: barePlan(asked) }
  await removeDeployment(access, whose, young, tell)
  const left = leftoversOf(await observeHoldings(access, whose))
  if (left.length > 0) throw notGone(asked.id, left)
}
