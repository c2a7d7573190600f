import type { Act, DeploymentView, Problem, TunnelView } from '../../contract/app.ts'
import { parseNetwork, tunnelAddresses } from '../../domain/addressing.ts'
import { interfaceName } from '../../domain/ours.ts'
import { bastionPort } from '../../domain/tunnel-plan.ts'
import type { ObservedBastion } from '../cloud/provider.ts'
import type { DeploymentRecord } from '../store/deployment-table.ts'

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
  readonly bastions: readonly ObservedBastion[]
  readonly health: ReadonlyMap<number, Health>
}

export const NO_STANDING: Standing = {
  record: null,
  tried: null,
  act: null,
  turningBack: false,
  problem: null,
  detached: false,
  bastions: [],
  health: new Map(),
}

const silentSlots = ({ record, health }: Standing): number[] =>
  record === null
    ? []
    : [...health].flatMap(([slot, state]) => (state === 'silent' && slot <= record.plan.tunnels ? [slot] : []))

const phaseOf = (standing: Standing): DeploymentView['phase'] => {
  const { act, record, problem } = standing
  if (act?.state === 'running') return act.verb === 'teardown' || standing.turningBack ? 'tearing-down' : 'deploying'
  if (record === null) return problem === null ? 'none' : 'failed'
  if (standing.detached) return 'detached'
  if (problem !== null || record.desired === 'nothing') return 'failed'
  return silentSlots(standing).length > 0 ? 'degraded' : 'connected'
}

/** `broken`: slots whose path was broken on purpose. */
const silentProblem = (slots: readonly number[], of: number, broken: readonly number[]): Problem => ({
  code: 'timeout',
  message: `No echo comes back through ${slots.length === 1 ? 'tunnel' : 'tunnels'} ${slots.join(', ')}.`,
  data: {
    field: `tunnel ${slots[0]}`,
    meaning:
      slots.length < of
        ? `${of - slots.length} of ${of} tunnels still carry traffic.`
        : 'Nothing gets through at the moment.',
    nextStep: slots.every((slot) => broken.includes(slot))
      ? `The path was broken on purpose; to mend it: mole lab heal ${slots[0]}`
      : 'Cloud Mole keeps trying; if it lasts, check the path to the bastion.',
  },
})

const tunnelView = (standing: Standing, record: DeploymentRecord, slot: number): TunnelView => {
  const base = parseNetwork(record.plan.baseCidr) ?? { base: 0, prefix: 16 }
  const addresses = tunnelAddresses(base, slot)
  const [bastion] = standing.bastions
  const end = record.ends?.find((candidate) => candidate.slot === slot)
  const address = end?.address ?? bastion?.publicAddress
  return {
    slot,
    interfaceName: interfaceName(slot),
    bastionId: bastion?.id ?? '',
    hostAddress: addresses.host,
    bastionAddress: addresses.bastion,
    endpoint: address === undefined ? '' : `${address}:${end?.port ?? bastionPort(slot)}`,
    publicKey: end?.publicKey ?? '',
    health: standing.detached ? 'unknown' : (standing.health.get(slot) ?? 'unknown'),
    pathBroken: bastion?.brokenSlots.includes(slot) ?? false,
  }
}

const tunnelViews = (standing: Standing): TunnelView[] => {
  const { record } = standing
  if (record === null || record.ends === null) return []
  return Array.from({ length: record.plan.tunnels }, (_, index) => tunnelView(standing, record, index + 1))
}

/** What a person is shown of the standing. Pure. */
export const renderView = (standing: Standing): DeploymentView => {
  const { record, act, bastions } = standing
  const phase = phaseOf(standing)
  const silent = silentSlots(standing)
  const brokenSlots = bastions.flatMap((bastion) => bastion.brokenSlots)
  return {
    phase,
    id: record?.id ?? null,
    plan: (record ?? standing.tried)?.plan ?? null,
    profile: (record ?? standing.tried)?.profile ?? null,
    createdAtMs: record?.createdAtMs ?? null,
    connectedAtMs: record?.connectedAtMs ?? null,
    bastions: bastions.map(({ id, publicAddress, privateCidr, resourceAddress }) => ({
      id,
      publicAddress,
      privateCidr,
      resourceAddress,
    })),
    tunnels: tunnelViews(standing),
    act,
    problem:
      standing.problem ??
      (phase === 'degraded' && record !== null ? silentProblem(silent, record.plan.tunnels, brokenSlots) : null),
  }
}
