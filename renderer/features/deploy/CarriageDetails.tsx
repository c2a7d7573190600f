import { Switch } from '@mantine/core'
import { renderShare } from '../../ui/format.ts'
import { CarriageFields } from '../flows/CarriageFields.tsx'
import { type PlanDraft, usePlanDraft } from './plan-draft.ts'
import step from './TunnelsStep.module.css'

type Carried = Pick<PlanDraft, 'carriage' | 'autoscale'>

type Props = { readonly value: Carried; readonly onChange: (change: Partial<Carried>) => void }

/** How traffic is carried, and whether the load decides on the number of tunnels: sound as it is, so folded away. */
export const CarriageDetails = ({ value: { carriage, autoscale }, onChange }: Props) => (
  <details className={step.advanced}>
    <summary>Advanced: how traffic is carried</summary>
    <div className={step.carriage}>
      <CarriageFields value={carriage} onChange={(change) => onChange({ carriage: { ...carriage, ...change } })} />
      <Switch
        label="Autoscaling"
        description={`A tunnel more above ${renderShare(autoscale.upThreshold)} of what they carry, one less below ${renderShare(autoscale.downThreshold)}. All thresholds can be set once it is up.`}
        checked={autoscale.enabled}
        onChange={({ currentTarget }) => onChange({ autoscale: { ...autoscale, enabled: currentTarget.checked } })}
      />
    </div>
  </details>
)

/** The same, of the plan that is being written. */
export const DraftCarriage = () => {
  const value = usePlanDraft()
  return <CarriageDetails value={value} onChange={(change) => usePlanDraft.setState(change)} />
}
