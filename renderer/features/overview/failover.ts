import type { DeploymentView, TunnelView } from '../../../contract/app.ts'
import { interfaceName } from '../../../domain/ours.ts'
import { renderCount } from '../../ui/format.ts'
import type { HealthLevel } from '../../ui/Health.tsx'

/** What a tunnel looks like on the map: `out` carries nothing, `silent` should and does not answer. */
export type Carrying = 'carries' | 'degraded' | 'out' | 'silent' | 'unknown'

export const carryingOf = ({ health, carries, pathBroken }: TunnelView): Carrying => {
  if (!carries) return 'out'
  if (health === 'silent' || pathBroken) return 'silent'
  if (health === 'degraded') return 'degraded'
  return health === 'up' ? 'carries' : 'unknown'
}

const MOST_NAMED = 3

const named = (tunnels: readonly TunnelView[]): string => {
  const names = tunnels.map(({ slot }) => interfaceName(slot))
  if (names.length > MOST_NAMED) return renderCount(names.length, 'tunnel')
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

export type Notice = { readonly level: HealthLevel; readonly text: string; readonly isAlarm: boolean }

/** What has become of the route, in a sentence; `null` while every tunnel carries as it should. Pure. */
export const failoverNotice = ({ tunnels, plan }: Pick<DeploymentView, 'tunnels' | 'plan'>): Notice | null => {
  const of = (state: Carrying): TunnelView[] => tunnels.filter((tunnel) => carryingOf(tunnel) === state)
  const [silent, out, degraded] = [of('silent'), of('out'), of('degraded')]
  if (tunnels.length > 0 && silent.length + out.length === tunnels.length)
    return {
      level: 'bad',
      text: `No tunnel answers: traffic to ${plan?.privateCidr ?? 'the private network'} is held here and goes no other way.`,
      isAlarm: true,
    }
  const others = tunnels.length - out.length
  const is = (list: readonly TunnelView[]): string => (list.length === 1 ? 'is' : 'are')
  if (out.length > 0)
    return {
      level: 'warn',
      text: `${named(out)} ${is(out)} out of the route; the other ${others === 1 ? 'one carries' : `${others} carry`} the traffic.`,
      isAlarm: false,
    }
  if (silent.length > 0)
    return { level: 'bad', text: `Nothing comes back through ${named(silent)} just now.`, isAlarm: false }
  if (degraded.length > 0)
    return {
      level: 'warn',
      text: `${named(degraded)} ${degraded.length === 1 ? 'loses' : 'lose'} packets, and still ${degraded.length === 1 ? 'carries' : 'carry'}.`,
      isAlarm: false,
    }
  return null
}
