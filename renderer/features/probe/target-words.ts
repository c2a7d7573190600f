import type { ProbeTarget } from '../../../domain/probe/request.ts'
import type { TargetId } from '../../../domain/tunnel-plan.ts'

/** Where the tunnels of what is up are measured to, when no host behind them is named; `null`: not known what is up. */
export const farEndOf = (up: TargetId | null): string => {
  if (up === null) return 'the far end of the tunnels'
  return up === 'lab' ? 'the lab’s research resource, behind the tunnels' : 'the bastion at the end of one tunnel'
}

/** What is measured towards, before it is. Pure. */
export const targetText = (target: ProbeTarget, up: TargetId | null): string => {
  switch (target.kind) {
    case 'lab':
      return 'the lab’s probe site'
    case 'host':
      return `${target.host}, port ${target.iperf3Port}`
    case 'aws':
      return `a bastion in ${target.region}`
    case 'deployment':
      return target.host === null ? farEndOf(up) : `${target.host}, behind the tunnels`
    case 'none':
      return 'only this machine'
  }
}
