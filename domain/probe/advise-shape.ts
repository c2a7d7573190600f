import { ASSUMPTIONS } from '../planner/conditions.ts'
import { renderBitRate } from '../planner/figures.ts'
import { MAX_TUNNELS_PER_BASTION } from '../tunnel-plan.ts'
import type { Recommendation } from './analysis.ts'
import { fitCurve } from './fit-curve.ts'
import type { Grounds } from './recommend.ts'

/** What the plan of a deployment takes (`DeploymentPlan.mtuBytes`). */
export const DEPLOYABLE_MTU = { least: 1280, most: 8940 } as const

/** MTU inside the tunnels. */
export const adviseMtu = ({ mtu, throughTunnels = false }: Grounds): Recommendation['innerMtuBytes'] => {
  if (mtu === null || throughTunnels) return null
  const [path, inner] = [mtu.mtuBytes.value, mtu.innerMtuBytes.value]
  if (inner < DEPLOYABLE_MTU.least)
    return {
      value: inner,
      reason: `Packets of ${path} bytes are the largest that pass, and WireGuard takes 60 of them; that is less than the ${DEPLOYABLE_MTU.least} a tunnel can be given, so its packets would be cut up.`,
      key: null,
    }
  const why = mtu.blackHole
    ? `larger packets than ${path} bytes vanish without a word`
    : `packets of ${path} bytes are the largest that pass`
  return {
    value: Math.min(inner, DEPLOYABLE_MTU.most),
    reason: `${why.charAt(0).toUpperCase()}${why.slice(1)}, and WireGuard takes 60 of them.`,
    key: 'tunnel.mtu',
  }
}

const capped = (tunnels: number): number => Math.min(Math.max(1, tunnels), MAX_TUNNELS_PER_BASTION)

/** How many tunnels: a tunnel is one flow on the way, and about as much work as one core does. */
export const adviseTunnels = ({ analysis, throughTunnels = false }: Grounds): Recommendation['tunnels'] => {
  const path = analysis.pathBitsPerSecond?.value ?? null
  const flow = analysis.flowBitsPerSecond?.value ?? null
  if (throughTunnels) return null
  if (flow !== null) {
    const plateau = Math.max(...analysis.curves.map((curve) => curve.plateauBitsPerSecond.value), path ?? 0)
    return {
      value: capped(Math.ceil((plateau / flow) * 0.97)),
      reason: `Each flow may carry ${renderBitRate(flow)} and a tunnel is one flow; together they reach ${renderBitRate(plateau)}.`,
      key: 'deployment.tunnels',
    }
  }
  if (path === null) return null
  const one = ASSUMPTIONS.tunnelBitsPerSecond.value
  const tunnels = capped(Math.ceil(path / one))
  return {
    value: tunnels,
    reason:
      tunnels === 1
        ? `The path takes ${renderBitRate(path)}, and one tunnel can carry that (${renderBitRate(one)} each, assumed).`
        : `The path takes ${renderBitRate(path)}, and one tunnel carries about ${renderBitRate(one)} (assumed).`,
    key: 'deployment.tunnels',
  }
}

/** How many parallel streams a transfer should use. */
export const adviseStreams = ({ analysis }: Grounds): Recommendation['streams'] => {
  const [curve] = analysis.curves.toSorted((a, b) => b.enoughStreams.value - a.enoughStreams.value)
  if (curve === undefined) return null
  const enough = curve.enoughStreams.value
  return {
    value: enough,
    reason: fitCurve(curve.points)?.isBeyond
      ? `Goodput (${curve.direction}) still grew at ${enough} streams, the most that were tried.`
      : `More streams than ${enough} add less than a twentieth (${curve.direction}).`,
    key: null,
  }
}
