import { Button, Group, Popover } from '@mantine/core'
import { useState } from 'react'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { renderCount } from '../../ui/format.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { useScale } from '../deployment/acts.ts'
import { CountPicker } from '../deployment/CountPicker.tsx'
import css from './ScaleControl.module.css'

type Props = { readonly plan: DeploymentPlan; readonly disabled: boolean }

/** Changes the number of tunnels of a running deployment. */
export const ScaleControl = ({ plan, disabled }: Props) => {
  const { tunnels, minTunnels, maxTunnels } = plan
  const [opened, setOpened] = useState(false)
  const [wanted, setWanted] = useState(tunnels)
  const scale = useScale()
  const open = (): void => {
    setWanted(tunnels)
    scale.reset()
    setOpened(true)
  }
  const apply = (): void => scale.mutate(wanted, { onSuccess: () => setOpened(false) })
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus position="bottom-end" width={360}>
      <Popover.Target>
        <Button size="xs" variant="default" disabled={disabled} onClick={opened ? () => setOpened(false) : open}>
          Change number
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          className={css.form}
          onSubmit={(event) => {
            event.preventDefault()
            apply()
          }}
        >
          <CountPicker
            legend="Number of tunnels"
            value={wanted}
            onChange={setWanted}
            from={minTunnels}
            to={maxTunnels}
          />
          <p className={css.note}>The other tunnels keep running while this changes.</p>
          {scale.error !== null && <ProblemNote problem={toProblem(scale.error)} />}
          <Group justify="flex-end" gap="xs">
            <Button size="xs" variant="default" onClick={() => setOpened(false)}>
              Close
            </Button>
            <Button size="xs" type="submit" loading={scale.isPending} disabled={wanted === tunnels}>
              Change to {renderCount(wanted, 'tunnel')}
            </Button>
          </Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
