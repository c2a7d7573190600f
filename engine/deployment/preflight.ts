import { networkInterfaces } from 'node:os'
import { MoleError } from '../../contract/errors.ts'
import { overlaps, parseNetwork } from '../../domain/addressing.ts'
import { slotOfInterface } from '../../domain/ours.ts'
import { type DeploymentPlan, planProblems } from '../../domain/tunnel-plan.ts'
import type { CloudProvider } from '../cloud/provider.ts'
import { errorOf } from '../problem.ts'

/** A network that is spoken for, and by what. */
export type TakenNetwork = { readonly cidr: string; readonly what: string }

/** The lab's "internet" (RFC 5737): inside its own namespaces, but there a plan may not swallow it. */
const LAB_NETWORKS: readonly TakenNetwork[] = [
  { cidr: '198.51.100.0/24', what: 'the lab’s path to its internet' },
  { cidr: '203.0.113.0/24', what: 'the lab’s public addresses' },
]

/** The networks this host is connected to, our own tunnels and loopback left out. */
export const observeHostNetworks = (interfaces = networkInterfaces()): TakenNetwork[] =>
  Object.entries(interfaces).flatMap(([name, addresses]) =>
    slotOfInterface(name) !== null
      ? []
      : (addresses ?? []).flatMap((address) =>
          address.family === 'IPv4' && !address.internal && address.cidr !== null
            ? [{ cidr: address.cidr, what: `this host’s own network on ${name}` }]
            : [],
        ),
  )

const collision = (plan: DeploymentPlan, taken: readonly TakenNetwork[]): MoleError | null => {
  for (const field of ['baseCidr', 'privateCidr'] as const) {
    const network = parseNetwork(plan[field])
    const hit = taken.find(({ cidr }) => {
      const other = parseNetwork(cidr)
      return network !== null && other !== null && overlaps(network, other)
    })
    if (hit !== undefined) return overlapError(field, plan[field], hit)
  }
  return null
}

const overlapError = (field: string, cidr: string, hit: TakenNetwork): MoleError =>
  new MoleError('bad-input', `${field} ${cidr} overlaps ${hit.what} (${hit.cidr}).`, {
    field,
    meaning: 'Traffic for that network would be taken into the tunnels. Nothing was made.',
    nextStep: `Choose another ${field}.`,
  })

/** @throws MoleError `bad-input` naming the field, when a network of the plan is spoken for. Pure. */
export const assertNetworksFree = (plan: DeploymentPlan, taken: readonly TakenNetwork[]): void => {
  const [own] = planProblems(plan)
  if (own !== undefined)
    throw new MoleError('bad-input', `${own.field}: ${own.message}.`, {
      field: own.field,
      meaning: 'Nothing was made.',
      nextStep: `Choose another ${own.field}.`,
    })
  const hit = collision(plan, taken)
  if (hit !== null) throw hit
}

/** The lab's near end is a namespace of its own: this host's networks are out of its reach. */
export const takenNetworks = (plan: DeploymentPlan): readonly TakenNetwork[] =>
  plan.target === 'lab' ? LAB_NETWORKS : observeHostNetworks()

/** Everything that must hold before anything is made. @throws MoleError saying what does not. */
export const preflight = async (provider: CloudProvider, plan: DeploymentPlan): Promise<void> => {
  assertNetworksFree(plan, takenNetworks(plan))
  const problem = await provider.problem()
  if (problem !== null) throw errorOf(problem)
}
