import { Button, NumberInput, Popover } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useState } from 'react'
import type { DeploymentView } from '../../../contract/app.ts'
import { Carriage } from '../../../domain/carriage.ts'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { renderMinutes } from '../../ui/format.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { useEngineNow } from '../../ui/use-now.ts'
import { useAdjust, useRotate } from '../deployment/acts.ts'
import css from './TunnelsPanel.module.css'

const SECONDS_PER_HOUR = 3600
const MINUTE_MS = 60_000

const oldestOf = ({ tunnels }: DeploymentView): number | null => {
  const known = tunnels.flatMap(({ keysSinceMs }) => (keysSinceMs === null ? [] : [keysSinceMs]))
  return known.length === 0 ? null : Math.min(...known)
}

type Props = { readonly view: DeploymentView; readonly plan: DeploymentPlan; readonly disabled: boolean }

const Schedule = ({ plan, disabled }: Omit<Props, 'view'>) => {
  const given = plan.carriage.rotationSeconds / SECONDS_PER_HOUR
  const [hours, setHours] = useState<number | string>(given)
  const adjust = useAdjust()
  const next = Carriage.safeParse({
    ...plan.carriage,
    rotationSeconds: hours === '' ? Number.NaN : Math.round(Number(hours) * SECONDS_PER_HOUR),
  })
  return (
    <form
      className={css.keysForm}
      onSubmit={(event) => {
        event.preventDefault()
        if (next.success) adjust.mutate({ carriage: next.data })
      }}
    >
      <NumberInput
        label="New keys every"
        description="By themselves. 0: never."
        suffix=" h"
        size="xs"
        clampBehavior="none"
        allowNegative={false}
        value={hours}
        error={next.success ? undefined : 'Must be from 0 to 8760 h.'}
        onChange={setHours}
      />
      <Button
        size="xs"
        type="submit"
        variant="default"
        loading={adjust.isPending}
        disabled={disabled || !next.success || Number(hours) === given}
      >
        Apply
      </Button>
      {adjust.error !== null && <ProblemNote problem={toProblem(adjust.error)} />}
    </form>
  )
}

const Form = ({ view, plan, disabled }: Props) => {
  const rotate = useRotate()
  const now = useEngineNow(MINUTE_MS)
  const oldest = oldestOf(view)
  return (
    <div className={css.keys}>
      <p className={css.note}>
        {oldest === null
          ? 'How old the keys are is not known.'
          : `The oldest keys are ${renderMinutes(now - oldest)} old.`}{' '}
        Each tunnel is made with new ones before the old one goes: nothing is interrupted.
      </p>
      <Button
        size="xs"
        fullWidth
        leftSection={<IconKey size={14} />}
        loading={rotate.isPending}
        disabled={disabled}
        onClick={() => rotate.mutate(null)}
      >
        Rotate all now
      </Button>
      {rotate.error !== null && <ProblemNote problem={toProblem(rotate.error)} />}
      <Schedule key={plan.carriage.rotationSeconds} plan={plan} disabled={disabled} />
    </div>
  )
}

/** How old the tunnels' keys are, when they are renewed, and the way to do it now. */
export const KeysControl = (props: Props) => (
  <Popover trapFocus position="bottom-end" width={300}>
    <Popover.Target>
      <Button size="xs" variant="default">
        Keys
      </Button>
    </Popover.Target>
    <Popover.Dropdown>
      <Form {...props} />
    </Popover.Dropdown>
  </Popover>
)
