import { Button, Group, NumberInput, Popover, VisuallyHidden } from '@mantine/core'
import { IconAdjustmentsHorizontal } from '@tabler/icons-react'
import { useState } from 'react'
import type { TunnelView } from '../../../contract/app.ts'
import type { PathCondition } from '../../../contract/helper.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { useChangePath, useSetCondition } from '../deployment/acts.ts'
import {
  type ConditionDraft,
  conditionKey,
  parseCondition,
  renderCondition,
  UNHARMED,
  useSetConditions,
} from './path-condition.ts'
import css from './TunnelsPanel.module.css'

const PathButton = ({ tunnel }: { readonly tunnel: TunnelView }) => {
  const change = useChangePath()
  const verb = tunnel.pathBroken ? 'Heal' : 'Break'
  return (
    <Button
      size="compact-xs"
      variant={tunnel.pathBroken ? 'light' : 'default'}
      loading={change.isPending}
      aria-label={`${verb} path of tunnel ${tunnel.slot}`}
      onClick={() => change.mutate({ tunnel: tunnel.slot, state: tunnel.pathBroken ? 'healthy' : 'broken' })}
    >
      {verb} path
    </Button>
  )
}

const draftOf = ({ lossRatio, delayMs }: PathCondition): ConditionDraft => ({
  lossPercent: Number((lossRatio * 100).toFixed(1)),
  delayMs,
})

type FormProps = { readonly slot: number; readonly given: PathCondition; readonly onSet: (to: PathCondition) => void }

const ConditionForm = ({ slot, given, onSet }: FormProps) => {
  const [draft, setDraft] = useState(() => draftOf(given))
  const set = useSetCondition()
  const { condition, wrong } = parseCondition(draft)
  const apply = (to: PathCondition): void => set.mutate({ tunnel: slot, condition: to }, { onSuccess: () => onSet(to) })
  return (
    <form
      className={css.keys}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (condition !== null) apply(condition)
      }}
    >
      <div className={css.pair}>
        <NumberInput
          label="Loss"
          suffix=" %"
          size="xs"
          clampBehavior="none"
          allowNegative={false}
          value={draft.lossPercent}
          error={wrong.includes('lossPercent') ? 'From 0 to 100 %.' : undefined}
          onChange={(lossPercent) => setDraft({ ...draft, lossPercent })}
        />
        <NumberInput
          label="Delay"
          suffix=" ms"
          size="xs"
          clampBehavior="none"
          allowNegative={false}
          value={draft.delayMs}
          error={wrong.includes('delayMs') ? 'From 0 to 1000 ms.' : undefined}
          onChange={(delayMs) => setDraft({ ...draft, delayMs })}
        />
      </div>
      <p className={css.note}>Each way, on the internet path of mole{slot}; the delay adds twice to its round trip.</p>
      {set.error !== null && <ProblemNote problem={toProblem(set.error)} />}
      <Group justify="flex-end" gap="xs">
        <Button size="xs" variant="default" onClick={() => apply(UNHARMED)}>
          Reset
        </Button>
        <Button size="xs" type="submit" loading={set.isPending} disabled={condition === null}>
          Set
        </Button>
      </Group>
    </form>
  )
}

const ConditionButton = ({ deployment, slot }: { readonly deployment: string | null; readonly slot: number }) => {
  const key = conditionKey(deployment, slot)
  const given = useSetConditions((all) => all[key]) ?? UNHARMED
  const [opened, setOpened] = useState(false)
  const text = renderCondition(given)
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus position="bottom-end" width={260}>
      <Popover.Target>
        <Button
          size="compact-xs"
          variant={text === '' ? 'default' : 'light'}
          title="Loss and delay of the path"
          onClick={() => setOpened(!opened)}
        >
          {text === '' ? <IconAdjustmentsHorizontal size={14} aria-hidden /> : text}
          <VisuallyHidden>
            {text === '' ? 'Loss and delay' : ''} on the path of tunnel {slot}
          </VisuallyHidden>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <ConditionForm
          slot={slot}
          given={given}
          onSet={(to) => {
            useSetConditions.setState({ [key]: to })
            setOpened(false)
          }}
        />
      </Popover.Dropdown>
    </Popover>
  )
}

type Props = { readonly deployment: string | null; readonly tunnel: TunnelView }

/** Lab: what can be done to a tunnel's internet path. */
export const PathControls = ({ deployment, tunnel }: Props) => (
  <span className={css.controls}>
    <ConditionButton deployment={deployment} slot={tunnel.slot} />
    <PathButton tunnel={tunnel} />
  </span>
)
