import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { renderCount } from '../../ui/format.ts'
import { targetTitle } from '../deployment/phase.ts'

/** What connecting makes, in one line: `Local lab · 4 tunnels · 10.200.0.0/24`. */
export const describePlan = ({ target, tunnels, privateCidr }: DeploymentPlan): string =>
  `${targetTitle(target)} · ${renderCount(tunnels, 'tunnel')} · ${privateCidr}`
