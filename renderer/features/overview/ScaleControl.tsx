import { Button, Popover } from '@mantine/core'
import { useState } from 'react'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { ScaleCloud } from './ScaleCloud.tsx'
import { ScaleTunnels } from './ScaleTunnels.tsx'

type Props = { readonly plan: DeploymentPlan; readonly disabled: boolean }

/** Changes the size of a running deployment. What was refused is forgotten when it is closed. */
export const ScaleControl = ({ plan, disabled }: Props) => {
  const [opened, setOpened] = useState(false)
  const close = (): void => setOpened(false)
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus position="bottom-end" width={380}>
      <Popover.Target>
        <Button size="xs" variant="default" disabled={disabled} onClick={() => setOpened(!opened)}>
          {plan.target === 'aws' ? 'Scale' : 'Change number'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        {plan.target === 'aws' ? (
          <ScaleCloud plan={plan} onClose={close} />
        ) : (
          <ScaleTunnels plan={plan} onClose={close} />
        )}
      </Popover.Dropdown>
    </Popover>
  )
}
