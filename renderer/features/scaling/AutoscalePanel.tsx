import { Button, NumberInput, Skeleton, Switch } from '@mantine/core'
import { useRef, useState } from 'react'
import type { AutoscaleView, DeploymentView, Problem } from '../../../contract/app.ts'
import type { Autoscale } from '../../../domain/autoscale.ts'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { useAdjust } from '../deployment/acts.ts'
import { isActing, isUp } from '../deployment/phase.ts'
import { type AutoscaleDraft, autoscaleDraftOf, parseAutoscale } from './autoscale-draft.ts'
import css from './Scaling.module.css'

type Field = {
  readonly name: keyof AutoscaleDraft
  readonly label: string
  readonly description: string
  readonly suffix: string
}

const FIELDS: readonly Field[] = [
  { name: 'upPercent', label: 'Add above', description: 'Utilisation of all tunnels.', suffix: ' %' },
  { name: 'downPercent', label: 'Remove below', description: 'For as long as the wait of a step down.', suffix: ' %' },
  { name: 'upCooldownMinutes', label: 'Wait after a step up', description: 'Before the next one.', suffix: ' min' },
  { name: 'downCooldownMinutes', label: 'Wait after a step down', description: 'Before the next one.', suffix: ' min' },
  { name: 'intervalSeconds', label: 'Look every', description: 'Goodput is averaged over it.', suffix: ' s' },
  {
    name: 'elephantMebibytes',
    label: 'A large flow has',
    description: 'One of this size adds a tunnel at once.',
    suffix: ' MiB',
  },
]

type FormProps = { readonly settings: Autoscale; readonly plan: DeploymentPlan; readonly isFree: boolean }

const AutoscaleForm = ({ settings, plan, isFree }: FormProps) => {
  const given = autoscaleDraftOf(settings)
  const [draft, setDraft] = useState(given)
  const body = useRef<HTMLFormElement>(null)
  const adjust = useAdjust()
  const { settings: next, errors } = parseAutoscale(draft, settings.enabled)
  const isSame = FIELDS.every(({ name }) => Number(draft[name]) === given[name] && draft[name] !== '')
  const turn = (enabled: boolean): void => adjust.mutate({ autoscale: { ...settings, enabled } })
  return (
    <form
      ref={body}
      className={css.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (next !== null) return adjust.mutate({ autoscale: next })
        body.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
      }}
    >
      <Switch
        label="Change the number of tunnels by the load"
        description={`From ${plan.minTunnels} to ${plan.maxTunnels} tunnels. A step that does not raise goodput is taken back.`}
        checked={settings.enabled}
        disabled={!isFree || adjust.isPending}
        onChange={({ currentTarget }) => turn(currentTarget.checked)}
      />
      <div className={css.fields}>
        {FIELDS.map(({ name, label, description, suffix }) => (
          <NumberInput
            key={name}
            label={label}
            description={description}
            suffix={suffix}
            clampBehavior="none"
            allowNegative={false}
            decimalScale={4}
            value={draft[name]}
            error={errors?.[name]}
            onChange={(value) => setDraft((before) => ({ ...before, [name]: value }))}
          />
        ))}
      </div>
      {adjust.error !== null && <ProblemNote problem={toProblem(adjust.error)} />}
      <div className={css.actions}>
        {!isSame && (
          <Button variant="default" onClick={() => setDraft(given)}>
            Discard
          </Button>
        )}
        <Button type="submit" loading={adjust.isPending} disabled={isSame || !isFree}>
          Apply thresholds
        </Button>
      </div>
    </form>
  )
}

type Props = {
  readonly view: DeploymentView
  readonly plan: DeploymentPlan
  readonly autoscale: AutoscaleView | null
  readonly problem: Problem | null
}

/** Whether, and by which thresholds, the load decides. */
export const AutoscalePanel = ({ view, plan, autoscale, problem }: Props) => (
  <Panel title="Autoscaling">
    {autoscale === null ? (
      problem === null && <Skeleton height={260} radius="sm" aria-busy="true" />
    ) : (
      // Settings that came from elsewhere make a fresh form.
      <AutoscaleForm
        key={JSON.stringify({ ...autoscale.settings, enabled: true })}
        settings={autoscale.settings}
        plan={plan}
        isFree={isUp(view) && !isActing(view)}
      />
    )}
  </Panel>
)
