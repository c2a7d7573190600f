import type { Act, DeploymentView, Problem, Step, StepId, TrafficState } from '../../contract/app.ts'
import { parseNetwork, tunnelAddresses } from '../../domain/addressing.ts'
import { interfaceName } from '../../domain/ours.ts'
import { bastionPort, DeploymentPlan, slotsOf } from '../../domain/tunnel-plan.ts'

export const NOTHING_DEPLOYED: DeploymentView = {
  phase: 'none',
  id: null,
  plan: null,
  profile: null,
  createdAtMs: null,
  connectedAtMs: null,
  bastions: [],
  tunnels: [],
  resources: [],
  drift: [],
  money: null,
  act: null,
  problem: null,
}

export const IDLE_TRAFFIC: TrafficState = {
  running: false,
  streams: null,
  direction: null,
  startedAtMs: null,
  latestBitsPerSecond: null,
  report: null,
  problem: null,
}

const BASTION_ADDRESS = '203.0.113.10'

const TITLES: Record<StepId, string> = {
  'prepare-host': 'Prepare the host',
  'make-keys': 'Make the host’s keys',
  'prepare-cloud': 'Prepare the cloud',
  'launch-bastion': 'Launch the bastion',
  'await-keys': 'Wait for the bastion’s keys',
  'apply-host': 'Bring up the tunnels',
  verify: 'Verify that payload flows',
  'retire-bastion': 'Retire bastions that are not needed any more',
  'rotate-keys': 'Replace the tunnels’ keys',
  'revert-host': 'Take down the tunnels',
  'terminate-bastion': 'Terminate the bastion',
  'remove-host': 'Remove the helper and its files',
  'prove-clean': 'Prove that nothing is left',
}

export const BUILD: readonly StepId[] = [
  'prepare-host',
  'make-keys',
  'launch-bastion',
  'await-keys',
  'apply-host',
  'verify',
]
export const REMOVE: readonly StepId[] = ['revert-host', 'terminate-bastion', 'remove-host', 'prove-clean']

export const pendingStep = (id: StepId): Step => ({
  id,
  title: TITLES[id],
  state: 'pending',
  startedAtMs: null,
  endedAtMs: null,
  log: [],
  problem: null,
})

export const doneAct = (verb: Act['verb'], steps: readonly StepId[], nowMs: number): Act => ({
  verb,
  state: 'done',
  startedAtMs: nowMs - steps.length * 310,
  endedAtMs: nowMs,
  steps: steps.map((id, index) => ({
    ...pendingStep(id),
    state: 'done',
    startedAtMs: nowMs - (steps.length - index) * 310,
    endedAtMs: nowMs - (steps.length - index - 1) * 310,
    log: [`${TITLES[id]}: begun`, `${TITLES[id]}: done`],
  })),
})

type End = { readonly id: string; readonly address: string }

/** @param endOf the bastion that a slot leads to */
export const tunnelsOf = (plan: DeploymentPlan, endOf: (slot: number) => End): DeploymentView['tunnels'] =>
  slotsOf(plan).map((slot) => {
    const addresses = tunnelAddresses(parseNetwork(plan.baseCidr) ?? { base: 0, prefix: 16 }, slot)
    return {
      slot,
      interfaceName: interfaceName(slot),
      bastionId: endOf(slot).id,
      hostAddress: addresses.host,
      bastionAddress: addresses.bastion,
      endpoint: `${endOf(slot).address}:${bastionPort(slot)}`,
      publicKey: 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=',
      health: 'up' as const,
      carries: true,
      keysSinceMs: Date.now() - 3 * 3_600_000,
      pathBroken: false,
    }
  })

/** A deployment that stands. */
export const connectedView = (plan: DeploymentPlan, nowMs: number): DeploymentView => ({
  phase: 'connected',
  id: 'dep-7f3a',
  plan,
  profile: null,
  createdAtMs: nowMs - 754_000,
  connectedAtMs: nowMs - 752_000,
  bastions: [
    {
      id: 'bastion-1',
      index: 1,
      state: 'running',
      publicAddress: BASTION_ADDRESS,
      privateCidr: plan.privateCidr,
      resourceAddress: '10.200.0.10',
      machine: null,
    },
  ],
  tunnels: tunnelsOf(plan, () => ({ id: 'bastion-1', address: BASTION_ADDRESS })),
  resources: [],
  drift: [],
  money: null,
  act: doneAct('deploy', BUILD, nowMs - 752_000),
  problem: null,
})

export const planOf = (tunnels: number): DeploymentPlan => DeploymentPlan.parse({ tunnels })

/** The same with one tunnel's path broken or healed. */
export const withPath = (view: DeploymentView, slot: number, broken: boolean): DeploymentView => {
  const tunnels = view.tunnels.map((tunnel) =>
    tunnel.slot === slot
      ? { ...tunnel, pathBroken: broken, health: broken ? ('silent' as const) : ('up' as const) }
      : tunnel,
  )
  return withHealth({ ...view, tunnels })
}

/** The same with these tunnels losing some echoes. */
export const withLoss = (view: DeploymentView, slots: readonly number[]): DeploymentView =>
  withHealth({
    ...view,
    tunnels: view.tunnels.map((tunnel) =>
      slots.includes(tunnel.slot) ? { ...tunnel, health: 'degraded' as const } : tunnel,
    ),
  })

/** Who carries, and what is wrong: a dead tunnel carries nothing, unless all are dead. */
const withHealth = (given: DeploymentView): DeploymentView => {
  const isAnyAlive = given.tunnels.some(({ health }) => health !== 'silent')
  const tunnels = given.tunnels.map((tunnel) => ({ ...tunnel, carries: tunnel.health !== 'silent' || !isAnyAlive }))
  const silent = tunnels.filter(({ health }) => health === 'silent').map((tunnel) => tunnel.slot)
  return {
    ...given,
    tunnels,
    phase: silent.length > 0 ? 'degraded' : 'connected',
    problem: silent.length > 0 ? silentProblem(silent, tunnels.length) : null,
  }
}

const silentProblem = (slots: readonly number[], of: number): Problem => ({
  code: 'timeout',
  message: `No echo comes back through ${slots.length === 1 ? 'tunnel' : 'tunnels'} ${slots.join(', ')}.`,
  data: {
    field: `tunnel ${slots[0]}`,
    meaning: `${of - slots.length} of ${of} tunnels still carry traffic.`,
    nextStep: 'Cloud Mole keeps trying; if it lasts, check the path to the bastion.',
  },
})
