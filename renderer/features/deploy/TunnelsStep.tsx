import { Button, NumberInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { renderRate } from '../../ui/format.ts'
import { Panel } from '../../ui/Panel.tsx'
import { Burrows } from '../deployment/Burrows.tsx'
import { CountPicker } from '../deployment/CountPicker.tsx'
import { CarriageDetails } from './CarriageDetails.tsx'
import css from './Deploy.module.css'
import { type PlanDraft, parseDraft, usePlanDraft } from './plan-draft.ts'
import { StageBody } from './StageBody.tsx'
import step from './TunnelsStep.module.css'

/** The fields under "Advanced": an error in one of them opens it. */
const ADVANCED = ['baseCidr', 'privateCidr', 'mtuBytes'] as const

const capacityText = ({ tunnels, pathRateMegabits }: PlanDraft): string => {
  const rate = Number(pathRateMegabits) * 1_000_000
  if (!(rate > 0)) return ''
  return `${tunnels} × ${renderRate(rate)} make ${renderRate(Number(tunnels) * rate)} at most, headers included.`
}

/** Of the lab: how many tunnels, and what they are like. */
export const TunnelsStep = () => {
  const [, navigate] = useLocation()
  const form = useForm<PlanDraft>({
    initialValues: usePlanDraft.getState(),
    validate: (draft) => parseDraft(draft).errors ?? {},
    validateInputOnBlur: true,
    onValuesChange: (draft) => usePlanDraft.setState(draft),
  })
  const [opened, setOpened] = useState(false)
  const body = useRef<HTMLFormElement>(null)

  const showFirstError = (errors: Record<string, unknown>): void => {
    if (ADVANCED.some((field) => field in errors)) setOpened(true)
    requestAnimationFrame(() => body.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
  }

  return (
    <StageBody
      title="How many tunnels?"
      text="One WireGuard tunnel is one path and one core; side by side they add up."
    >
      <form
        ref={body}
        className={css.form}
        noValidate
        onSubmit={(event) => form.onSubmit(() => navigate('/deploy/review'), showFirstError)(event)}
      >
        <Panel title="Bundle">
          <div className={step.bundle}>
            <div className={step.fields}>
              <CountPicker
                legend="Number of tunnels"
                value={Number(form.values.tunnels)}
                onChange={(count) => form.setFieldValue('tunnels', count)}
              />
              <NumberInput
                className={step.short}
                label="Rate of each path"
                description="The lab’s internet paths are shaped to it, both ways."
                suffix=" Mbit/s"
                thousandSeparator=" "
                clampBehavior="none"
                allowNegative={false}
                {...form.getInputProps('pathRateMegabits')}
              />
              <p className={step.capacity}>{capacityText(form.values)}</p>
            </div>
            <Burrows count={Number(form.values.tunnels)} className={step.picture} />
          </div>
        </Panel>
        <details className={step.advanced} open={opened} onToggle={(event) => setOpened(event.currentTarget.open)}>
          <summary>Advanced: addresses and MTU</summary>
          <div className={step.grid}>
            <TextInput
              label="Tunnel addresses"
              description="A /16 that neither side uses."
              spellCheck={false}
              classNames={{ input: 'mono' }}
              {...form.getInputProps('baseCidr')}
            />
            <TextInput
              label="Private network"
              description="The network behind the bastion."
              spellCheck={false}
              classNames={{ input: 'mono' }}
              {...form.getInputProps('privateCidr')}
            />
            <NumberInput
              label="MTU in the tunnels"
              description="That of the path less 60 bytes."
              suffix=" bytes"
              clampBehavior="none"
              allowNegative={false}
              {...form.getInputProps('mtuBytes')}
            />
          </div>
        </details>
        <CarriageDetails value={form.values} onChange={(change) => form.setValues(change)} />
        <div className={css.foot}>
          <Button variant="default" onClick={() => navigate('/deploy')}>
            Back
          </Button>
          <Button type="submit">Continue to review</Button>
        </div>
      </form>
    </StageBody>
  )
}
