import { ActionIcon, Button, Checkbox, Tooltip } from '@mantine/core'
import { IconColumns, IconTrash } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { BOTTLENECK_NAMES } from '../../../domain/probe/describe.ts'
import type { ProbeSummary } from '../../../domain/probe/report.ts'
import { currentClient } from '../../app/connection-store.ts'
import { orDash, renderMs, renderRate, renderTime } from '../../ui/format.ts'
import { HealthMark } from '../../ui/Health.tsx'
import { notifyProblem } from '../../ui/notify-problem.ts'
import { Panel } from '../../ui/Panel.tsx'
import { ScrollRegion } from '../../ui/ScrollRegion.tsx'
import css from './History.module.css'
import probe from './Probe.module.css'
import { reportWords } from './part-words.ts'

const limitOf = (bottleneck: string | null): string =>
  bottleneck === null ? '–' : ((BOTTLENECK_NAMES as Readonly<Record<string, string>>)[bottleneck] ?? bottleneck)

type RowProps = {
  readonly summary: ProbeSummary
  readonly isChosen: boolean
  readonly isFull: boolean
  readonly isHere: boolean
  readonly onChoose: (isChosen: boolean) => void
}

const Row = ({ summary, isChosen, isFull, isHere, onChoose }: RowProps) => {
  const { id, state, startedAtMs, targetName, mtuBytes, rttMs, goodputBitsPerSecond, bottleneck } = summary
  const remove = useMutation({
    mutationFn: () => currentClient().call('probe.delete', { id }),
    onError: notifyProblem,
    onSuccess: () => onChoose(false),
  })
  const { level, text } = reportWords(state)
  const when = renderTime(startedAtMs)
  return (
    <tr data-here={isHere} className={css.row}>
      <td>
        <Checkbox
          size="xs"
          checked={isChosen}
          disabled={state === 'running' || (isFull && !isChosen)}
          onChange={({ currentTarget }) => onChoose(currentTarget.checked)}
          aria-label={`Compare the probe of ${when}`}
        />
      </td>
      <th scope="row">
        <Link href={`/probe/earlier/${id}`} className={css.link ?? ''} aria-current={isHere ? 'true' : undefined}>
          {when}
        </Link>
      </th>
      <td>
        <span className={css.state}>
          <HealthMark level={level} /> {text}
        </span>
      </td>
      <td className={css.target}>{targetName}</td>
      <td className={probe.number}>{orDash(mtuBytes, String)}</td>
      <td className={probe.number}>{orDash(rttMs, renderMs)}</td>
      <td className={probe.number}>{orDash(goodputBitsPerSecond, renderRate)}</td>
      <td>{limitOf(bottleneck)}</td>
      <td>
        <Tooltip label="Delete">
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            disabled={state === 'running'}
            loading={remove.isPending}
            aria-label={`Delete the probe of ${when}`}
            onClick={() => remove.mutate()}
          >
            <IconTrash size={15} />
          </ActionIcon>
        </Tooltip>
      </td>
    </tr>
  )
}

const HEADS = ['Target', 'MTU', 'Round trip', 'Goodput', 'What limits'] as const
const NUMBERS: readonly string[] = ['MTU', 'Round trip', 'Goodput']

type Props = {
  readonly summaries: readonly ProbeSummary[]
  /** The one that is shown on the page. */
  readonly hereId: string | null
}

/** Earlier probes, newest first; two of them can be laid side by side. */
export const HistoryPanel = ({ summaries, hereId }: Props) => {
  const [, navigate] = useLocation()
  const [chosen, setChosen] = useState<readonly string[]>([])
  const known = chosen.filter((id) => summaries.some((summary) => summary.id === id))
  // The older one is what the newer is measured against.
  const pair = summaries.filter(({ id }) => known.includes(id)).toReversed()
  return (
    <Panel
      title="History"
      flush
      aside={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconColumns size={14} />}
          disabled={pair.length !== 2}
          onClick={() => navigate(`/probe/compare/${pair[0]?.id}/${pair[1]?.id}`)}
        >
          {pair.length === 2 ? 'Compare these two' : 'Choose two to compare'}
        </Button>
      }
    >
      <ScrollRegion label="History table" className={css.scroll}>
        <table className={probe.table} aria-label="Probes">
          <thead>
            <tr>
              <td />
              <th scope="col">When</th>
              <th scope="col">State</th>
              {HEADS.map((head) => (
                <th key={head} scope="col" className={NUMBERS.includes(head) ? probe.number : undefined}>
                  {head}
                </th>
              ))}
              <td />
            </tr>
          </thead>
          <tbody>
            {summaries.map((summary) => (
              <Row
                key={summary.id}
                summary={summary}
                isChosen={known.includes(summary.id)}
                isFull={known.length === 2}
                isHere={summary.id === hereId}
                onChoose={(isChosen) =>
                  setChosen((before) => (isChosen ? [...before, summary.id] : before.filter((id) => id !== summary.id)))
                }
              />
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </Panel>
  )
}
