import type { Act, DeploymentView, Money, Problem, TunnelView } from '../../contract/app.ts'
import { parseNetwork, tunnelAddresses } from '../../domain/addressing.ts'
import { interfaceName, laneNumber } from '../../domain/ours.ts'
import { bastionOfSlot, bastionPort, slotsOf } from '../../domain/tunnel-plan.ts'
import type { CloudObservation, ObservedBastion } from '../cloud/provider.ts'
import { type DeploymentRecord, endsOf } from '../store/deployment-table.ts'
import { neededBastions } from './bastion-record.ts'
import { bastionId } from './identity.ts'

export type Health = TunnelView['health']

/** All that the engine knows of the deployment at this moment. */
export type Standing = {
  readonly record: DeploymentRecord | null
  /** What a deploy that was rolled back would have made, for trying again. */
  readonly tried: Pick<DeploymentRecord, 'plan' | 'profile'> | null
  readonly act: Act | null
  /** An act is turning back. */
  readonly turningBack: boolean
  /** Why it is not as asked for. */
  readonly problem: Problem | null
  /** The helper does not answer. */
  readonly detached: boolean
  /** What the cloud held when it was looked at last. */
  readonly cloud: CloudObservation
  /** Why a bastion (by its number) is missing although the rest serves. */
  readonly shortfall: ReadonlyMap<number, Problem>
  readonly money: Money | null
  /** Why the cloud cannot be looked at. */
  readonly cloudProblem: Problem | null
  readonly health: ReadonlyMap<number, Health>
  /** Slots whose tunnel is out of the route. */
  readonly withdrawn: ReadonlySet<number>
}

export const NO_STANDING: Standing = {
  record: null,
  tried: null,
  act: null,
  turningBack: false,
  problem: null,
  detached: false,
  cloud: { bastions: [], resources: [], drift: [], hasMoved: false },
  shortfall: new Map(),
  money: null,
  cloudProblem: null,
  health: new Map(),
  withdrawn: new Set(),
}

const slotsThatAre = ({ record, health }: Standing, wanted: Health): number[] =>
  record === null ? [] : slotsOf(record.plan).filter((slot) => health.get(slot) === wanted)

const phaseOf = (standing: Standing): DeploymentView['phase'] => {
  const { act, record, problem } = standing
  const isAsItStands = act?.verb === 'rotate' || act?.verb === 'adjust'
  if (act?.state === 'running' && !isAsItStands)
    return act.verb === 'teardown' || standing.turningBack ? 'tearing-down' : 'deploying'
  if (record === null) return problem === null ? 'none' : 'failed'
  if (standing.detached) return 'detached'
  if (problem !== null || record.desired === 'nothing') return 'failed'
  const isWhole = standing.shortfall.size === 0 && standing.cloud.drift.length === 0 && standing.cloudProblem === null
  const isWell = [...slotsThatAre(standing, 'silent'), ...slotsThatAre(standing, 'degraded')].length === 0
  return isWhole && isWell ? 'connected' : 'degraded'
}

const namesOf = (slots: readonly number[]): string => `${slots.length === 1 ? 'tunnel' : 'tunnels'} ${slots.join(', ')}`

const lossProblem = (slots: readonly number[]): Problem => ({
  code: 'timeout',
  message: `Part of the echoes through ${namesOf(slots)} is lost.`,
  data: {
    field: `tunnel ${slots[0]}`,
    meaning: `Connections over ${slots.length === 1 ? 'it' : 'them'} are slower than they could be.`,
    nextStep: 'If it lasts, check the path to the bastion; "mole status" shows the loss of each tunnel.',
  },
})

/** `broken`: slots whose path was broken on purpose. */
const silentProblem = (slots: readonly number[], of: number, broken: readonly number[]): Problem => ({
  code: 'timeout',
  message: `No echo comes back through ${namesOf(slots)}.`,
  data: {
    field: `tunnel ${slots[0]}`,
    meaning:
      slots.length < of
        ? `New and running connections go over the other ${of - slots.length} of ${of} tunnels.`
        : 'Nothing gets through at the moment, and nothing goes another way.',
    nextStep: slots.every((slot) => broken.includes(slot))
      ? `${slots.length === 1 ? 'The path was broken on purpose; to mend it' : 'The paths were broken on purpose; to mend the first'}: mole lab heal ${slots[0]}`
      : 'It returns by itself when it answers again; if it lasts, check the path to the bastion.',
  },
})

const tunnelView = (standing: Standing, record: DeploymentRecord, slot: number): TunnelView => {
  const base = parseNetwork(record.plan.baseCidr) ?? { base: 0, prefix: 16 }
  const end = endsOf(record).find((candidate) => candidate.slot === slot && candidate.role === 'carrying')
  const number = laneNumber(slot, end?.lane ?? 0)
  const addresses = tunnelAddresses(base, number)
  const index = bastionOfSlot(slot)
  const bastion = standing.cloud.bastions.find((each) => each.index === index)
  const address = end?.address ?? bastion?.publicAddress
  return {
    slot,
    interfaceName: interfaceName(number),
    bastionId: bastionId(record.id, index),
    hostAddress: addresses.host,
    bastionAddress: addresses.bastion,
    endpoint: address === undefined ? '' : `${address}:${end?.port ?? bastionPort(slot)}`,
    publicKey: end?.publicKey ?? '',
    health: standing.detached ? 'unknown' : (standing.health.get(slot) ?? 'unknown'),
    carries: !standing.withdrawn.has(slot),
    keysSinceMs: end?.sinceMs ?? null,
    pathBroken: bastion?.brokenSlots.includes(slot) ?? false,
  }
}

const tunnelViews = (standing: Standing): TunnelView[] => {
  const { record } = standing
  if (record === null || endsOf(record).length === 0) return []
  return slotsOf(record.plan).map((slot) => tunnelView(standing, record, slot))
}

const bastionView = (bastion: ObservedBastion): DeploymentView['bastions'][number] => ({
  id: bastion.id,
  index: bastion.index,
  state: bastion.state,
  publicAddress: bastion.publicAddress,
  privateCidr: bastion.privateCidr,
  resourceAddress: bastion.resourceAddress,
  machine: bastion.machine,
})

/** Those there are, and those there should be. */
const bastionViews = ({ record, cloud, act }: Standing): DeploymentView['bastions'] => {
  const seen = cloud.bastions.map(bastionView)
  if (record === null || record.connectedAtMs === null || record.desired === 'nothing') return seen
  const missing = neededBastions(record.plan).filter((index) => !seen.some((each) => each.index === index))
  // While the first look is awaited nothing is missing yet.
  if (act?.state === 'running' && seen.length === 0) return seen
  return [
    ...seen,
    ...missing.map((index) => ({
      id: bastionId(record.id, index),
      index,
      state: 'missing' as const,
      publicAddress: '',
      privateCidr: record.plan.privateCidr,
      resourceAddress: null,
      machine: null,
    })),
  ].sort((a, b) => a.index - b.index)
}

const shortfallProblem = ({ shortfall, record }: Standing, of: number): Problem | null => {
  const [first] = shortfall
  if (first === undefined || record === null) return null
  const [index, problem] = first
  return {
    code: problem.code,
    message: `Bastion ${index} of ${of} is missing: ${problem.message}`,
    data: {
      ...problem.data,
      field: `bastion ${index}`,
      meaning: `The others carry the traffic. ${problem.data.meaning ?? ''}`.trim(),
      nextStep: `${problem.data.nextStep ?? ''} "mole up" tries again; "mole down" takes everything back.`.trim(),
    },
  }
}

const driftProblem = (drift: readonly string[]): Problem | null =>
  drift[0] === undefined
    ? null
    : {
        code: 'drift',
        message: `The cloud is not as it was left${drift.length > 1 ? ` (${drift.length} things)` : ''}. ${drift[0]}`,
        data: {
          field: 'cloud',
          meaning: 'Somebody, or AWS itself, changed it since.',
          nextStep: 'Run "mole up" to repair it, or "mole down" to remove it.',
        },
      }

const problemShown = (standing: Standing, phase: DeploymentView['phase']): Problem | null => {
  const { record, problem, cloud } = standing
  if (problem !== null || phase !== 'degraded' || record === null) return problem
  const broken = cloud.bastions.flatMap((bastion) => bastion.brokenSlots)
  const [silent, lossy] = [slotsThatAre(standing, 'silent'), slotsThatAre(standing, 'degraded')]
  return (
    shortfallProblem(standing, neededBastions(record.plan).length) ??
    standing.cloudProblem ??
    driftProblem(cloud.drift) ??
    (silent.length > 0 ? silentProblem(silent, record.plan.tunnels, broken) : lossProblem(lossy))
  )
}

/** What a person is shown of the standing. Pure. */
export const renderView = (standing: Standing): DeploymentView => {
  const { record, act, cloud } = standing
  const phase = phaseOf(standing)
  return {
    phase,
    id: record?.id ?? null,
    plan: (record ?? standing.tried)?.plan ?? null,
    profile: (record ?? standing.tried)?.profile ?? null,
    createdAtMs: record?.createdAtMs ?? null,
    connectedAtMs: record?.connectedAtMs ?? null,
    bastions: bastionViews(standing),
    tunnels: tunnelViews(standing),
    resources: [...cloud.resources],
    drift: [...cloud.drift],
    money: standing.money,
    act,
    problem: problemShown(standing, phase),
  }
}
