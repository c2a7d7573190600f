import { Button, Group, NumberInput, Skeleton } from '@mantine/core'
import { useState } from 'react'
import { bastionCount, DeploymentPlan, MAX_TUNNELS_PER_BASTION } from '../../../domain/tunnel-plan.ts'
import { renderCount, renderUsd } from '../../ui/format.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { useScale } from '../deployment/acts.ts'
import { CountPicker } from '../deployment/CountPicker.tsx'
import { useReview } from '../deployment/use-review.ts'
import css from './ScaleControl.module.css'

type Wanted = { readonly tunnels: number | string; readonly bastions: number }

/** The plan scaled, or what forbids it. */
const scaled = (plan: DeploymentPlan, { tunnels, bastions }: Wanted) =>
  DeploymentPlan.safeParse({ ...plan, bastions, tunnels: tunnels === '' ? Number.NaN : Number(tunnels) })

/** What an hour costs now and then, as the engine reckons it. */
const Predicted = ({ plan, next }: { readonly plan: DeploymentPlan; readonly next: DeploymentPlan }) => {
  const now = useReview(plan)
  const then = useReview(next)
  const error = now.error ?? then.error
  if (error !== null) return <ProblemNote problem={toProblem(error)} tone="warn" />
  if (now.data === undefined || then.data === undefined) return <Skeleton height={39} radius="sm" />
  const [before, after] = [now.data.costUsdPerHour, then.data.costUsdPerHour]
  if (before === null || after === null) return <p className={css.cost}>What it will cost is not known.</p>
  const count = renderCount(bastionCount(next), 'bastion')
  return (
    <p className={css.cost} role="status">
      {before === after
        ? `${renderUsd(after)} an hour, as now: ${count}.`
        : `${renderUsd(after)} an hour instead of ${renderUsd(before)}: ${count}.`}
    </p>
  )
}

/** A bundle in the cloud: tunnels, and the bastions they are spread over. */
export const ScaleCloud = ({ plan, onClose }: { readonly plan: DeploymentPlan; readonly onClose: () => void }) => {
  const [wanted, setWanted] = useState<Wanted>({ tunnels: plan.tunnels, bastions: bastionCount(plan) })
  const scale = useScale()
  const next = scaled(plan, wanted)
  const isSame = Number(wanted.tunnels) === plan.tunnels && wanted.bastions === bastionCount(plan)
  const wrong = next.success ? undefined : next.error.issues[0]?.message
  const takeBastions = (bastions: number): void =>
    // More bastions want at least a tunnel each; what fewer cannot carry is left out.
    setWanted(({ tunnels }) => ({
      bastions,
      tunnels: Math.min(Math.max(Number(tunnels), bastions), bastions * MAX_TUNNELS_PER_BASTION, plan.maxTunnels),
    }))
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (next.success)
          scale.mutate({ tunnels: next.data.tunnels, bastions: next.data.bastions }, { onSuccess: onClose })
      }}
    >
      <CountPicker legend="Bastions" value={wanted.bastions} onChange={takeBastions} to={plan.aws?.maxBastions ?? 1} />
      <NumberInput
        label="Tunnels"
        description={`In all, dealt evenly; ${plan.minTunnels} to ${plan.maxTunnels} in this deployment.`}
        clampBehavior="none"
        allowDecimal={false}
        allowNegative={false}
        value={wanted.tunnels}
        error={wrong === undefined ? undefined : `${wrong.charAt(0).toUpperCase()}${wrong.slice(1)}.`}
        onChange={(tunnels) => setWanted((before) => ({ ...before, tunnels }))}
      />
      {next.success && <Predicted plan={plan} next={next.data} />}
      <p className={css.note}>The other tunnels keep running while this changes.</p>
      {scale.error !== null && <ProblemNote problem={toProblem(scale.error)} />}
      <Group justify="flex-end" gap="xs">
        <Button size="xs" variant="default" onClick={onClose}>
          Close
        </Button>
        <Button size="xs" type="submit" loading={scale.isPending} disabled={isSame || !next.success}>
          Change
        </Button>
      </Group>
    </form>
  )
}
