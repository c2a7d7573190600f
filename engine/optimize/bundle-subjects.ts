import type { OptimizeTrial } from '../../contract/app.ts'
import type { Carriage } from '../../domain/carriage.ts'
import { bastionCount } from '../../domain/tunnel-plan.ts'
import { streamsFor } from './measure-lab.ts'
import type { Bundle, Kind, Subject, TrialGround } from './subject.ts'

const attempting = (
  ground: TrialGround,
  sides: Readonly<Record<Kind, Partial<Bundle>>>,
): Pick<Subject, 'have' | 'keep' | 'takeBack'> => ({
  have: (kind) => ground.attempt(sides[kind]),
  keep: async () => {
    await ground.attempt(sides.with)
    ground.settle()
  },
  takeBack: (signal) => ground.restore(signal),
})

/** Another number of tunnels, over the bastions there are. */
export const tunnelsSubject = (ground: TrialGround, tunnels: number, change: OptimizeTrial['change']): Subject => {
  const { tunnels: now } = ground.plan()
  // As many connections over the fewer tunnels as over the more: else not the tunnels were compared.
  const streams = streamsFor(Math.max(now, tunnels))
  const lacks = async (): Promise<string | null> => {
    const plan = ground.plan()
    if (plan.autoscale.enabled) return 'the number of tunnels follows the load (scaling.enable)'
    if (tunnels < plan.minTunnels || tunnels > plan.maxTunnels)
      return `this deployment has from ${plan.minTunnels} to ${plan.maxTunnels} tunnels (tunnel.min_tunnels, tunnel.max_tunnels)`
    const bastions = bastionCount({ ...plan, tunnels })
    if (bastions !== bastionCount(plan) || plan.bastions > tunnels)
      return `it takes another number of bastions, which is not tried by the way: mole scale ${tunnels}`
    return null
  }
  return {
    option: 'tunnels',
    change,
    lacks,
    ...attempting(ground, { without: { tunnels: now }, with: { tunnels } }),
    measure: (_, seconds, signal) => ground.measure({ seconds, streams }, signal),
  }
}

/** Multipath TCP or not: what one connection carries. */
export const mptcpSubject = (ground: TrialGround, carriage: Carriage, change: OptimizeTrial['change']): Subject => {
  const sides = { without: { carriage: ground.plan().carriage }, with: { carriage } }
  return {
    option: 'mptcp',
    change,
    lacks: async () =>
      ground.plan().target === 'lab'
        ? null
        : 'one connection over all tunnels cannot be measured to these bastions: it stays as it is until the plan says otherwise (mptcp.enable)',
    ...attempting(ground, sides),
    measure: (kind, seconds, signal) => {
      const protocol = sides[kind].carriage.mptcp === null ? 'tcp' : 'mptcp'
      return ground.measure({ seconds, streams: 1, protocol }, signal)
    },
  }
}
