import { Button, SegmentedControl, Skeleton } from '@mantine/core'
import { useId, useState } from 'react'
import type { DeploymentView, Problem } from '../../../contract/app.ts'
import type { HostLoad } from '../../../contract/helper.ts'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { EmptyNote } from '../../ui/EmptyNote.tsx'
import { renderCount } from '../../ui/format.ts'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { ScrollRegion } from '../../ui/ScrollRegion.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { useAdjust } from '../deployment/acts.ts'
import { isActing, isUp } from '../deployment/phase.ts'
import { optionTitle } from './option-words.ts'
import css from './Tuning.module.css'

type Apply = DeploymentPlan['tuning']['apply']

const POLICIES: readonly { readonly value: Apply; readonly label: string; readonly hint: string }[] = [
  {
    value: 'measured',
    label: 'What measured better',
    hint: 'An option is in force once a trial on this host has kept it.',
  },
  { value: 'always', label: 'Everything asked for', hint: 'All options of the plan at once, measured or not.' },
  { value: 'never', label: 'Nothing', hint: 'This host is left as it is.' },
]

/** Which options may be in force at all. */
const Policy = ({ view, plan }: { readonly view: DeploymentView; readonly plan: DeploymentPlan }) => {
  const [apply, setApply] = useState(plan.tuning.apply)
  const adjust = useAdjust()
  const id = useId()
  const isSame = apply === plan.tuning.apply
  return (
    <div className={css.policy}>
      <div>
        <p className={css.label} id={id}>
          In force shall be
        </p>
        <SegmentedControl
          size="xs"
          aria-labelledby={id}
          data={POLICIES.map(({ value, label }) => ({ value, label }))}
          value={apply}
          onChange={(value) => setApply(value as Apply)}
        />
        <p className={css.hint}>{POLICIES.find(({ value }) => value === apply)?.hint}</p>
      </div>
      <Button
        size="xs"
        variant={isSame ? 'default' : 'filled'}
        disabled={isSame || !isUp(view) || isActing(view)}
        loading={adjust.isPending}
        onClick={() => adjust.mutate({ tuning: { ...plan.tuning, apply } })}
      >
        Apply
      </Button>
      {adjust.error !== null && <ProblemNote problem={toProblem(adjust.error)} />}
    </div>
  )
}

const Tuned = ({ tuned }: { readonly tuned: HostLoad['tuned'] }) =>
  tuned.length === 0 ? (
    <EmptyNote
      title="Everything is as it was"
      text="What is set otherwise is listed here with its earlier value, and put back on disconnecting."
    />
  ) : (
    <ScrollRegion label="Settings table">
      <table className={css.table} aria-label="Settings of this host">
        <thead>
          <tr>
            <th scope="col">Option</th>
            <th scope="col">Setting</th>
            <th scope="col">Was</th>
            <th scope="col">Now</th>
          </tr>
        </thead>
        <tbody>
          {tuned.map(({ option, what, was, now }) => (
            <tr key={`${option} ${what}`}>
              <th scope="row">{optionTitle(option)}</th>
              <td className={css.setting}>{what}</td>
              <td className={css.value}>{was}</td>
              <td className={css.value} data-now="true">
                {now}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )

const Lacking = ({ lacking }: { readonly lacking: HostLoad['lacking'] }) =>
  lacking.length === 0 ? null : (
    <div className={css.lacking}>
      <h3 className={css.subtitle}>Asked for, and not to be had here</h3>
      <ul aria-label="Not to be had here">
        {lacking.map(({ option, reason }) => (
          <li key={option}>
            <strong>{optionTitle(option)}.</strong> {reason}
          </li>
        ))}
      </ul>
    </div>
  )

type Props = {
  readonly view: DeploymentView
  readonly plan: DeploymentPlan
  readonly load: HostLoad | null
  readonly problem: Problem | null
}

/** What of this host is set otherwise than it was, and what could not be. */
export const SettingsPanel = ({ view, plan, load, problem }: Props) => (
  <Panel
    title="Settings of this host"
    flush
    aside={load !== null && <span className={css.count}>{renderCount(load.tuned.length, 'change')}</span>}
  >
    <Policy key={plan.tuning.apply} view={view} plan={plan} />
    {load === null ? (
      problem === null && <Skeleton height={140} radius="sm" aria-busy="true" />
    ) : (
      <>
        <Tuned tuned={load.tuned} />
        <Lacking lacking={load.lacking} />
      </>
    )}
  </Panel>
)
