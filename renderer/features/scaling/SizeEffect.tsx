import type { AutoscaleView } from '../../../contract/app.ts'
import { gatewayBitsPerSecond } from '../../../domain/planner/capacity.ts'
import { payloadShare } from '../../../domain/planner/overhead.ts'
import type { PriceTable } from '../../../domain/planner/price-table.ts'
import { bastionCount, type DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { Basis } from '../../ui/Basis.tsx'
import { quantifyRate, renderRate, renderUsd } from '../../ui/format.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { usePriceTable } from '../aws/look-ups.ts'
import { useReview } from '../deployment/use-review.ts'
import { type GoodputRange, predictGoodput, type TunnelCapacity, tunnelCapacityOf } from './predict-goodput.ts'
import css from './Scaling.module.css'
import { dealt, sizeChanges } from './size-changes.ts'

const rangeText = (range: GoodputRange | null): string => {
  if (range === null) return 'not known'
  const [least, most] = [quantifyRate(range.least), quantifyRate(range.most)]
  if (least.value === most.value && least.unit === most.unit) return `up to ${most.value} ${most.unit}`
  return `${least.value}${least.unit === most.unit ? '' : ` ${least.unit}`} – ${most.value} ${most.unit}`
}

/** Payload that the internet gateway lets through of so many bastions; no limit where it is not known. */
const ceilingOf = (plan: DeploymentPlan, table: PriceTable | undefined): number => {
  const type = table?.types.find(({ name }) => name === plan.aws?.instanceTypes[0])
  if (table === undefined || type === undefined) return Number.POSITIVE_INFINITY
  const gateway = gatewayBitsPerSecond(type, table.network, type.burstBitsPerSecond)
  return bastionCount(plan) * Math.min(gateway, type.burstBitsPerSecond) * payloadShare(plan.mtuBytes)
}

const usd = (perHour: number | null | undefined): string =>
  perHour === undefined ? '…' : perHour === null ? 'not known' : renderUsd(perHour)

type OriginProps = { readonly capacity: TunnelCapacity; readonly isBoundByGateway: boolean }

/** Why the goodput is a range, and how much there is to it. */
const Origin = ({ capacity, isBoundByGateway }: OriginProps) => (
  <div className={css.origin}>
    <Basis of={capacity.basis} />
    <span>
      {capacity.bitsPerSecond === null
        ? `${capacity.origin.charAt(0).toUpperCase()}${capacity.origin.slice(1)}.`
        : `One tunnel carries ${renderRate(capacity.bitsPerSecond)}; ${capacity.origin}.`}
      {capacity.bitsPerSecond !== null &&
        ' The range allows for tunnels that add up to less than their sum (eight to three quarters of it), and wants a connection at least for each tunnel.'}
      {isBoundByGateway && ' The internet gateway lets no more through of so many bastions.'}
    </span>
  </div>
)

type Props = {
  readonly plan: DeploymentPlan
  readonly next: DeploymentPlan
  readonly autoscale: AutoscaleView | null
}

/** Now and then, side by side: tunnels, bastions, what they carry, what they cost; and what happens on the way. */
export const SizeEffect = ({ plan, next, autoscale }: Props) => {
  const inCloud = plan.target === 'aws'
  const table = usePriceTable().data
  const now = useReview(inCloud ? plan : null)
  const then = useReview(inCloud ? next : null)
  const capacity = tunnelCapacityOf(plan, autoscale)
  const range = (of: DeploymentPlan): string => rangeText(predictGoodput(capacity, of.tunnels, ceilingOf(of, table)))
  const changes = sizeChanges(plan, next, inCloud)
  const isChanged = changes.length > 0
  const error = then.error ?? now.error
  const spread = dealt(next)
  return (
    <section className={css.effect} data-changed={isChanged} aria-label="What it will do" aria-live="polite">
      <table aria-label="Now and then">
        <thead>
          <tr>
            <td />
            <th scope="col">Now</th>
            <th scope="col">{isChanged ? 'Then' : 'Then, as now'}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Tunnels</th>
            <td>{plan.tunnels}</td>
            <td>{next.tunnels}</td>
          </tr>
          {inCloud && (
            <tr>
              <th scope="row">Bastions</th>
              <td>{bastionCount(plan)}</td>
              <td>
                {bastionCount(next)}
                {spread.length > 1 && ` (${spread.join(' + ')})`}
              </td>
            </tr>
          )}
          <tr>
            <th scope="row">Goodput, one way</th>
            <td>{range(plan)}</td>
            <td>{range(next)}</td>
          </tr>
          <tr>
            <th scope="row">Cost an hour</th>
            <td>{inCloud ? usd(now.data?.costUsdPerHour) : '$0'}</td>
            <td>{inCloud ? usd(then.data?.costUsdPerHour) : '$0'}</td>
          </tr>
        </tbody>
      </table>
      <Origin
        capacity={capacity}
        isBoundByGateway={(capacity.bitsPerSecond ?? 0) * next.tunnels > ceilingOf(next, table)}
      />
      {isChanged && (
        <ul className={css.changes} aria-label="What happens">
          {changes.map((change) => (
            <li key={change}>{change}</li>
          ))}
        </ul>
      )}
      {error !== null && <ProblemNote problem={toProblem(error)} tone="warn" />}
    </section>
  )
}
