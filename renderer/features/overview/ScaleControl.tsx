import { Button, Popover } from '@mantine/core'
import { useState } from 'react'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { ScaleCloud } from './ScaleCloud.tsx'
import { ScaleTunnels } from './ScaleTunnels.tsx'

type Props = { readonly plan: DeploymentPlan; readonly disabled: boolean }

/** Changes the size of a running deployment. What was refused is forgotten when it is closed. */
export const ScaleControl = ({ plan, disabled }: Props) => {
  const [opened, setOpened] = useState(false)
  const [times, setTimes] = useState(0)
  const close = (): void => setOpened(false)
  const toggle = (): void => {
    setOpened(!opened)
    // Each time a fresh form: the one before may still be fading out.
    if (!opened) setTimes(times + 1)
  }
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus position="bottom-end" width={380}>
      <Popover.Target>
        <Button size="xs" variant="default" disabled={disabled} onClick={toggle}>
          {plan.target === 'aws' ? 'Scale' : 'Change number'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        {plan.target === 'aws' ? (
          <ScaleCloud key={times} plan={plan} onClose={close} />
        ) : (
          <ScaleTunnels key={times} plan={plan} onClose={close} />
        )}
      </Popover.Dropdown>
    </Popover>
  )
}
