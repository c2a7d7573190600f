import { Button } from '@mantine/core'
import { IconAdjustmentsUp, IconRocket } from '@tabler/icons-react'
import { Fragment } from 'react'
import { Link, useLocation } from 'wouter'
import type { Recommendation } from '../../../domain/probe/analysis.ts'
import { type AdviceLine, describeRecommendation } from '../../../domain/probe/describe.ts'
import type { ProbeTarget } from '../../../domain/probe/request.ts'
import { Panel } from '../../ui/Panel.tsx'
import { advisedDraft } from '../deploy/advised-draft.ts'
import { usePlanDraft } from '../deploy/plan-draft.ts'
import { useDeployment } from '../deployment/deployment-store.ts'
import { isUp } from '../deployment/phase.ts'
import { useOptimizeBy } from '../tuning/optimize-acts.ts'
import css from './Advice.module.css'
import probe from './Probe.module.css'

/** A configuration's key, which may break where its words do. */
const KeyName = ({ name }: { readonly name: string }) => (
  <code className={css.key}>
    {name.split(/(?<=[._])/).map((word) => (
      <Fragment key={word}>
        {word}
        <wbr />
      </Fragment>
    ))}
  </code>
)

const Advice = ({ line: { name, value, reason, key } }: { readonly line: AdviceLine }) => (
  <li className={css.advice}>
    <span className={css.name}>{name}</span>
    <span className={css.value}>{value}</span>
    <span className={css.reason}>{reason}</span>
    {key !== null && <KeyName name={key} />}
  </li>
)

/** Puts what is recommended into the plan that the wizard of deployments has. */
const takeOver = (target: ProbeTarget, recommendation: Recommendation): void => {
  const account = target.kind === 'aws' ? { profile: target.profile, region: target.region } : null
  usePlanDraft.setState((draft) => advisedDraft(draft, { recommendation, account }))
}

type Props = {
  readonly id: string
  /** What was measured towards. */
  readonly target: ProbeTarget
  readonly recommendation: Recommendation
}

const WhatToDo = ({ id, target, recommendation }: Props) => {
  const [, navigate] = useLocation()
  const isStanding = useDeployment(({ view }) => view !== null && isUp(view))
  if (isStanding)
    return (
      <div className={css.act}>
        <p className={probe.hint}>
          Tried on what is up, each measured before and after, and kept only where it measures better.
        </p>
        <Button
          component={Link}
          href="/tuning"
          onClick={() => useOptimizeBy.setState({ by: 'probe', probe: id })}
          leftSection={<IconAdjustmentsUp size={16} />}
        >
          Try it on what is up
        </Button>
      </div>
    )
  return (
    <div className={css.act}>
      <p className={probe.hint}>Fills in the plan of a deployment; you review it before anything is made.</p>
      <Button
        leftSection={<IconRocket size={16} />}
        onClick={() => {
          takeOver(target, recommendation)
          navigate('/deploy')
        }}
      >
        Deploy with this
      </Button>
    </div>
  )
}

/** What to deploy by what was found, each with its reason. */
export const AdvicePanel = (props: Props) => {
  const lines = describeRecommendation(props.recommendation)
  // A quick look at this machine alone is no ground for advice.
  if (lines.length === 0) return null
  return (
    <Panel title="What to deploy" className={probe.wide}>
      <ul className={css.advices} aria-label="Recommendation">
        {lines.map((line) => (
          <Advice key={line.field} line={line} />
        ))}
      </ul>
      <WhatToDo {...props} />
    </Panel>
  )
}
