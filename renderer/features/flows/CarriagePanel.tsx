import { Button, NumberInput } from '@mantine/core'
import { useState } from 'react'
import type { DeploymentView, FlowsView } from '../../../contract/app.ts'
import { Carriage } from '../../../domain/carriage.ts'
import { slotOfLane } from '../../../domain/ours.ts'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { Facts } from '../../ui/Facts.tsx'
import { renderCount } from '../../ui/format.ts'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { useAdjust } from '../deployment/acts.ts'
import { isActing, isUp } from '../deployment/phase.ts'
import { CarriageFields } from './CarriageFields.tsx'
import css from './Flows.module.css'

const SPREAD_WORDS = { 'round-robin': 'one after the other', hash: 'kernel’s hash' } as const

/** What the kernel says is in force, whatever was asked for. */
const InForce = ({ flows }: { readonly flows: FlowsView | null }) => {
  if (flows === null) return <p className={css.hint}>Not told yet.</p>
  const { mptcp, spread, strategy } = flows
  const slots = new Set(mptcp.endpoints.map(({ tunnel }) => slotOfLane(tunnel)))
  const reserve = mptcp.endpoints.filter(({ backup }) => backup).length
  return (
    <>
      <Facts
        facts={[
          { name: 'New connections', value: SPREAD_WORDS[spread] },
          {
            name: 'Multipath TCP',
            value: !mptcp.available ? 'this kernel has none' : strategy === null ? 'off' : 'on',
          },
          ...(strategy === null
            ? []
            : [
                {
                  name: 'Endpoints',
                  value: `${renderCount(slots.size, 'tunnel')}${reserve > 0 ? `, ${reserve} in reserve` : ''}`,
                },
                { name: 'Scheduler', value: mptcp.scheduler ?? '–' },
                { name: 'Path manager', value: mptcp.pathManager ?? '–' },
                { name: 'Subflows at most', value: mptcp.subflowLimit ?? '–' },
              ]),
        ]}
      />
      {strategy !== null && (
        <p className={css.hint}>
          Asked for: {strategy.asked}. {strategy.inForce}
        </p>
      )}
    </>
  )
}

type Draft = Omit<Carriage, 'probe'> & { readonly intervalMs: number | string; readonly misses: number | string }

const draftOf = ({ probe, ...rest }: Carriage): Draft => ({ ...rest, ...probe })

const numberOf = (value: number | string): number => (value === '' ? Number.NaN : Number(value))

const parseDraft = ({ intervalMs, misses, ...rest }: Draft) =>
  Carriage.safeParse({ ...rest, probe: { intervalMs: numberOf(intervalMs), misses: numberOf(misses) } })

type FormProps = { readonly carriage: Carriage; readonly isFree: boolean }

const CarriageForm = ({ carriage, isFree }: FormProps) => {
  const [draft, setDraft] = useState(() => draftOf(carriage))
  const adjust = useAdjust()
  const parsed = parseDraft(draft)
  const wrong = (field: string): boolean =>
    !parsed.success && parsed.error.issues.some(({ path }) => path.at(-1) === field)
  const isSame = parsed.success && JSON.stringify(parsed.data) === JSON.stringify(Carriage.parse(carriage))
  const change = (part: Partial<Draft>): void => setDraft((before) => ({ ...before, ...part }))
  const waitMs = numberOf(draft.intervalMs) * numberOf(draft.misses)
  return (
    <form
      className={css.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (parsed.success) adjust.mutate({ carriage: parsed.data })
        else event.currentTarget.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
      }}
    >
      <CarriageFields value={draft} onChange={change} />
      <div>
        <div className={css.pair}>
          <NumberInput
            label="Probe every"
            suffix=" ms"
            clampBehavior="none"
            allowDecimal={false}
            allowNegative={false}
            value={draft.intervalMs}
            error={wrong('intervalMs') ? 'Must be from 50 to 10 000 ms.' : undefined}
            onChange={(intervalMs) => change({ intervalMs })}
          />
          <NumberInput
            label="Dead after"
            suffix=" misses"
            clampBehavior="none"
            allowDecimal={false}
            allowNegative={false}
            value={draft.misses}
            error={wrong('misses') ? 'Must be from 2 to 20.' : undefined}
            onChange={(misses) => change({ misses })}
          />
        </div>
        <p className={css.hint}>
          {Number.isFinite(waitMs)
            ? `A tunnel through which nothing comes back for ${waitMs} ms leaves the route.`
            : 'How soon a dead tunnel leaves the route.'}
        </p>
      </div>
      {adjust.error !== null && <ProblemNote problem={toProblem(adjust.error)} />}
      <div className={css.actions}>
        {!isSame && (
          <Button variant="default" onClick={() => setDraft(draftOf(carriage))}>
            Discard
          </Button>
        )}
        <Button type="submit" loading={adjust.isPending} disabled={isSame || !isFree}>
          Apply
        </Button>
      </div>
    </form>
  )
}

type Props = { readonly view: DeploymentView; readonly plan: DeploymentPlan; readonly flows: FlowsView | null }

/** How traffic is carried: what is asked for, and beside it what is in force. */
export const CarriagePanel = ({ view, plan, flows }: Props) => (
  <Panel title="How traffic is carried">
    <div className={css.carriage}>
      <CarriageForm
        key={JSON.stringify(plan.carriage)}
        carriage={plan.carriage}
        isFree={isUp(view) && !isActing(view)}
      />
      <div className={css.force}>
        <h3 className={css.forceTitle}>In force now</h3>
        <InForce flows={flows} />
      </div>
    </div>
  </Panel>
)
