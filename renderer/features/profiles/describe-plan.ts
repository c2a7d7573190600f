import { bastionCount, type DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { renderCount } from '../../ui/format.ts'
import { targetTitle } from '../deployment/phase.ts'

/** `Local lab`, `AWS us-west-2`. */
const placeOf = ({ target, aws }: DeploymentPlan): string =>
  [targetTitle(target), aws?.region].filter((part) => part != null).join(' ')

const networkOf = ({ aws, privateCidr }: DeploymentPlan): string =>
  aws?.wholeVpc === true ? (aws.vpcId ?? 'the default VPC') : privateCidr

/** What connecting makes, in one line: `Local lab · 4 tunnels · 10.200.0.0/24`. */
export const describePlan = (plan: DeploymentPlan): string => {
  const count = bastionCount(plan)
  const bastions = plan.target === 'aws' || count > 1 ? [renderCount(count, 'bastion')] : []
  return [placeOf(plan), ...bastions, renderCount(plan.tunnels, 'tunnel'), networkOf(plan)].join(' · ')
}
