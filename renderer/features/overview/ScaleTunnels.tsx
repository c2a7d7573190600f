import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { renderCount } from '../../ui/format.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { useScale } from '../deployment/acts.ts'
import { CountPicker } from '../deployment/CountPicker.tsx'
import css from './ScaleControl.module.css'

/** A bundle in the lab: its number of tunnels. */
export const ScaleTunnels = ({ plan, onClose }: { readonly plan: DeploymentPlan; readonly onClose: () => void }) => {
  const { tunnels, minTunnels, maxTunnels } = plan
  const [wanted, setWanted] = useState(tunnels)
  const scale = useScale()
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault()
        scale.mutate({ tunnels: wanted, bastions: null }, { onSuccess: onClose })
      }}
    >
      <CountPicker legend="Number of tunnels" value={wanted} onChange={setWanted} from={minTunnels} to={maxTunnels} />
      <p className={css.note}>The other tunnels keep running while this changes.</p>
      {scale.error !== null && <ProblemNote problem={toProblem(scale.error)} />}
      <Group justify="flex-end" gap="xs">
        <Button size="xs" variant="default" onClick={onClose}>
          Close
        </Button>
        <Button size="xs" type="submit" loading={scale.isPending} disabled={wanted === tunnels}>
          Change to {renderCount(wanted, 'tunnel')}
        </Button>
      </Group>
    </form>
  )
}
