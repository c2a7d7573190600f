import { Button, SegmentedControl, Skeleton } from '@mantine/core'
import { IconPlayerStop } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import type { DeploymentView, OptimizeState } from '../../../contract/app.ts'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { currentClient } from '../../app/connection-store.ts'
import { useLiveStream } from '../../app/use-live-stream.ts'
import { Elapsed } from '../../ui/Elapsed.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { isActing, isUp } from '../deployment/phase.ts'
import { OptimizeForm } from './OptimizeForm.tsx'
import { useOptimizeBy } from './optimize-acts.ts'
import { ProbeTrialForm } from './ProbeTrialForm.tsx'
import { TrialList } from './TrialList.tsx'
import css from './Tuning.module.css'

const Running = ({ state }: { readonly state: OptimizeState }) => {
  const stop = useMutation({ mutationFn: () => currentClient().call('optimize.stop', {}) })
  const done = state.trials.filter((trial) => trial.state !== 'pending' && trial.state !== 'measuring').length
  return (
    <div className={css.running}>
      <span role="status">
        Option {Math.min(done + 1, state.trials.length)} of {state.trials.length} is being tried
      </span>
      {state.startedAtMs !== null && <Elapsed sinceMs={state.startedAtMs} untilMs={null} />}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlayerStop size={14} />}
        loading={stop.isPending}
        onClick={() => stop.mutate()}
      >
        Cancel
      </Button>
      {stop.error !== null && <ProblemNote problem={toProblem(stop.error)} />}
    </div>
  )
}

const WHAT = [
  { value: 'plan', label: 'What the plan wants' },
  { value: 'probe', label: 'What a probe recommends' },
] as const

/** What is to be tried, of two sources. */
const Forms = ({ plan, isFree }: { readonly plan: DeploymentPlan; readonly isFree: boolean }) => {
  const by = useOptimizeBy((state) => state.by)
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label="What is tried"
        data={[...WHAT]}
        value={by}
        // Chosen here, it is the newest probe.
        onChange={(value) => useOptimizeBy.setState({ by: value as typeof by, probe: null })}
      />
      {by === 'plan' ? <OptimizeForm plan={plan} isFree={isFree} /> : <ProbeTrialForm plan={plan} isFree={isFree} />}
    </>
  )
}

type Props = { readonly view: DeploymentView; readonly plan: DeploymentPlan }

/** Options tried one after the other, each in pairs without and with it; kept only if it measured better. */
export const OptimizePanel = ({ view, plan }: Props) => {
  const { value: state, problem } = useLiveStream('optimize.watch')
  return (
    <Panel title="Optimise">
      {problem !== null && <ProblemNote problem={problem} tone="warn" />}
      {state === null ? (
        problem === null && <Skeleton height={240} radius="sm" aria-busy="true" />
      ) : (
        <div className={css.optimize}>
          {state.running ? <Running state={state} /> : <Forms plan={plan} isFree={isUp(view) && !isActing(view)} />}
          {state.problem !== null && <ProblemNote problem={state.problem} />}
          {state.trials.length > 0 && <TrialList trials={state.trials} />}
        </div>
      )}
    </Panel>
  )
}
