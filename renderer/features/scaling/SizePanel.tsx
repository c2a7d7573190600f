import { Button, NumberInput } from '@mantine/core'
import { useState } from 'react'
import type { AutoscaleView, DeploymentView } from '../../../contract/app.ts'
import { bastionCount, DeploymentPlan, MAX_TUNNELS_PER_BASTION } from '../../../domain/tunnel-plan.ts'
import { renderCount } from '../../ui/format.ts'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { useScale } from '../deployment/acts.ts'
import { CountPicker } from '../deployment/CountPicker.tsx'
import { isActing, isUp } from '../deployment/phase.ts'
import { ActProgress } from '../overview/ActProgress.tsx'
import css from './Scaling.module.css'
import { SizeEffect } from './SizeEffect.tsx'

type Wanted = { readonly tunnels: number | string; readonly bastions: number }

const wantedOf = (plan: DeploymentPlan): Wanted => ({ tunnels: plan.tunnels, bastions: bastionCount(plan) })

/** The plan scaled, or what forbids it. */
const scaled = (plan: DeploymentPlan, { tunnels, bastions }: Wanted) =>
  DeploymentPlan.safeParse({ ...plan, bastions, tunnels: tunnels === '' ? Number.NaN : Number(tunnels) })

type FieldProps = {
  readonly plan: DeploymentPlan
  readonly wanted: Wanted
  readonly wrong: string | undefined
  readonly onChange: (wanted: Wanted) => void
}

const LabFields = ({ plan, wanted, onChange }: FieldProps) => (
  <CountPicker
    legend="Number of tunnels"
    value={Number(wanted.tunnels)}
    onChange={(tunnels) => onChange({ ...wanted, tunnels })}
    from={plan.minTunnels}
    to={plan.maxTunnels}
  />
)

const CloudFields = ({ plan, wanted, wrong, onChange }: FieldProps) => {
  // More bastions want at least a tunnel each; what fewer cannot carry is left out.
  const takeBastions = (bastions: number): void =>
    onChange({
      bastions,
      tunnels: Math.min(
        Math.max(Number(wanted.tunnels), bastions),
        bastions * MAX_TUNNELS_PER_BASTION,
        plan.maxTunnels,
      ),
    })
  return (
    <>
      <CountPicker legend="Bastions" value={wanted.bastions} onChange={takeBastions} to={plan.aws?.maxBastions ?? 1} />
      <NumberInput
        label="Tunnels"
        description={`In all, dealt evenly; ${plan.minTunnels} to ${plan.maxTunnels} in this deployment.`}
        clampBehavior="none"
        allowDecimal={false}
        allowNegative={false}
        value={wanted.tunnels}
        error={wrong === undefined ? undefined : `${wrong.charAt(0).toUpperCase()}${wrong.slice(1)}.`}
        onChange={(tunnels) => onChange({ ...wanted, tunnels })}
      />
    </>
  )
}

type Props = {
  readonly view: DeploymentView
  readonly plan: DeploymentPlan
  readonly autoscale: AutoscaleView | null
}

/** The size by hand: what it is, what it shall be, and what that will do, before it is done. */
const SizeForm = ({ view, plan, autoscale }: Props) => {
  const [wanted, setWanted] = useState(wantedOf(plan))
  const scale = useScale()
  const next = scaled(plan, wanted)
  const now = wantedOf(plan)
  const isSame = Number(wanted.tunnels) === now.tunnels && wanted.bastions === now.bastions
  const inCloud = plan.target === 'aws'
  const Fields = inCloud ? CloudFields : LabFields
  const isFree = isUp(view) && !isActing(view)
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (next.success) scale.mutate({ tunnels: next.data.tunnels, bastions: inCloud ? next.data.bastions : null })
      }}
    >
      <Fields
        plan={plan}
        wanted={wanted}
        wrong={next.success ? undefined : next.error.issues[0]?.message}
        onChange={(change) => {
          scale.reset()
          setWanted(change)
        }}
      />
      {next.success && <SizeEffect plan={plan} next={next.data} autoscale={autoscale} />}
      {scale.error !== null && <ProblemNote problem={toProblem(scale.error)} />}
      {isActing(view) && view.act !== null && <ActProgress act={view.act} />}
      <div className={css.actions}>
        {!isSame && (
          <Button variant="default" onClick={() => setWanted(now)}>
            Leave it at {renderCount(plan.tunnels, 'tunnel')}
          </Button>
        )}
        <Button type="submit" loading={scale.isPending} disabled={isSame || !next.success || !isFree}>
          {next.success && !isSame ? `Change to ${renderCount(next.data.tunnels, 'tunnel')}` : 'Change'}
        </Button>
      </div>
    </form>
  )
}

/** A change of size that has been made makes a fresh form. */
export const SizePanel = (props: Props) => (
  <Panel title="Size">
    <SizeForm key={`${props.plan.tunnels} ${props.plan.bastions}`} {...props} />
  </Panel>
)
