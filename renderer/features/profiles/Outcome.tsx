import { Skeleton } from '@mantine/core'
import type { AppContract } from '../../../contract/app.ts'
import type { OutputOf } from '../../../contract/define.ts'
import { bastionCount } from '../../../domain/tunnel-plan.ts'
import { Facts } from '../../ui/Facts.tsx'
import { renderCount, renderRate } from '../../ui/format.ts'
import { Panel } from '../../ui/Panel.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { targetTitle } from '../deployment/phase.ts'
import css from './Editor.module.css'

type Checked = OutputOf<AppContract, 'config.check'>

const bundleText = (plan: NonNullable<Checked['plan']>): string => {
  const count = bastionCount(plan)
  const tunnels = renderCount(plan.tunnels, 'tunnel')
  return count === 1 ? tunnels : `${tunnels} over ${renderCount(count, 'bastion')}`
}

const factsOf = (plan: NonNullable<Checked['plan']>) => [
  { name: 'Target', value: targetTitle(plan.target) },
  { name: 'Bundle', value: bundleText(plan) },
  { name: 'Scaled', value: `${plan.minTunnels} to ${plan.maxTunnels} tunnels` },
  ...(plan.target === 'lab' ? [{ name: 'Each path', value: renderRate(plan.labPathRateBitsPerSecond) }] : []),
  ...(plan.aws === null
    ? []
    : [
        { name: 'Region', value: plan.aws.region ?? 'that of the credentials' },
        { name: 'Instance types', value: <span className="mono">{plan.aws.instanceTypes.join(', ')}</span> },
      ]),
  { name: 'Tunnel addresses', value: <span className="mono">{plan.baseCidr}</span> },
  {
    name: 'Private network',
    value: plan.aws?.wholeVpc === true ? 'the whole VPC' : <span className="mono">{plan.privateCidr}</span>,
  },
  { name: 'MTU in the tunnels', value: `${plan.mtuBytes} bytes` },
]

type Props = {
  readonly outcome: Checked | undefined
  readonly isKnown: boolean
  /** Why it cannot be known. */
  readonly error: unknown
}

const Body = ({ outcome, isKnown, error }: Props) => {
  if (outcome === undefined && error !== null) return <p className={css.cannot}>{toProblem(error).message}</p>
  if (outcome === undefined) return <Skeleton height={150} radius="sm" />
  if (outcome.plan === null)
    return (
      <p className={css.cannot}>
        {outcome.problems.length === 0
          ? 'Its values do not go together, so it cannot be connected.'
          : `It has ${renderCount(outcome.problems.length, 'problem')}. It can be saved, but not be connected.`}
      </p>
    )
  return (
    <div data-waiting={!isKnown}>
      <Facts facts={factsOf(outcome.plan)} />
    </div>
  )
}

/** What connecting makes of a text as it is now, saved or not. */
export const Outcome = ({ outcome, isKnown, error }: Props) => (
  <Panel title="What it makes">
    <Body outcome={outcome} isKnown={isKnown} error={error} />
    {outcome !== undefined && outcome.notInForce.length > 0 && (
      <div className={css.notInForce}>
        <p>Set to no effect in this version:</p>
        <ul>
          {outcome.notInForce.map((path) => (
            <li key={path} className="mono">
              {path}
            </li>
          ))}
        </ul>
      </div>
    )}
  </Panel>
)
