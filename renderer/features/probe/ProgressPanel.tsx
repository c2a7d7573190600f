import { Button, Progress } from '@mantine/core'
import { IconCheck, IconMinus, IconPlayerStop, IconX } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { PART_NAMES, PART_STATES } from '../../../domain/probe/describe.ts'
import type { ProbeReport } from '../../../domain/probe/report.ts'
import { PROBE_PARTS, type ProbePart } from '../../../domain/probe/request.ts'
import { currentClient } from '../../app/connection-store.ts'
import { Elapsed } from '../../ui/Elapsed.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import css from './Progress.module.css'
import type { PartState } from './part-words.ts'

const Mark = ({ state }: { readonly state: PartState }) => (
  <span className={css.mark} data-state={state} aria-hidden="true">
    {state === 'done' && <IconCheck size={13} stroke={3} />}
    {state === 'failed' && <IconX size={13} stroke={3} />}
    {(state === 'left-out' || state === 'cancelled') && <IconMinus size={13} stroke={3} />}
  </span>
)

const Part = ({ part, report }: { readonly part: ProbePart; readonly report: ProbeReport }) => {
  const { state, doing, progressRatio, startedAtMs, endedAtMs, problem } = report[part]
  return (
    <li className={css.part} data-state={state} data-part={part}>
      <Mark state={state} />
      <span className={css.title}>{PART_NAMES[part]}</span>
      <span className={css.state}>{state === 'running' && doing !== '' ? doing : PART_STATES[state]}</span>
      <span className={css.time}>{startedAtMs !== null && <Elapsed sinceMs={startedAtMs} untilMs={endedAtMs} />}</span>
      <Progress
        className={css.bar ?? ''}
        size={4}
        radius="xl"
        color={problem === null ? 'verdigris' : 'clay'}
        value={100 * (state === 'done' ? 1 : progressRatio)}
        aria-label={`Progress: ${PART_NAMES[part]}`}
      />
    </li>
  )
}

const Cancel = () => {
  const cancel = useMutation({ mutationFn: () => currentClient().call('probe.cancel', {}) })
  return (
    <>
      {cancel.error !== null && <ProblemNote problem={toProblem(cancel.error)} />}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlayerStop size={14} />}
        loading={cancel.isPending}
        onClick={() => cancel.mutate()}
      >
        Cancel
      </Button>
    </>
  )
}

/** What is being measured now: each part's state, and the way to stop it. It goes on when the page is left. */
export const ProgressPanel = ({ report }: { readonly report: ProbeReport }) => (
  <Panel
    title={`Measuring towards ${report.targetName}`}
    aside={
      <>
        <Elapsed sinceMs={report.startedAtMs} untilMs={report.endedAtMs} />
        <Cancel />
      </>
    }
  >
    <ol className={css.parts} aria-label="Parts of the probe">
      {PROBE_PARTS.map((part) => (
        <Part key={part} part={part} report={report} />
      ))}
    </ol>
    <p className={css.note}>
      What is found appears below as it is found. You may leave this page or close the panel: it goes on without you.
    </p>
  </Panel>
)
