import { Skeleton } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { FlowsView, Problem } from '../../../contract/app.ts'
import { EmptyNote } from '../../ui/EmptyNote.tsx'
import { renderCount, renderRate } from '../../ui/format.ts'
import { Panel } from '../../ui/Panel.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { ScrollRegion } from '../../ui/ScrollRegion.tsx'
import { FlowRows } from './FlowRows.tsx'
import css from './Flows.module.css'
import { type FlowGroup, type FlowOrder, groupFlows } from './flow-groups.ts'

/** More rows than anybody reads, and than are drawn afresh each second with ease. */
const MOST_ROWS = 80

type HeadProps = { readonly order: FlowOrder; readonly onOrder: (order: FlowOrder) => void }

const Sorted = ({ by, title, order, onOrder }: HeadProps & { readonly by: FlowOrder; readonly title: string }) => (
  <th scope="col" className={css.number} aria-sort={order === by ? 'descending' : undefined}>
    <button type="button" className={css.sort} onClick={() => onOrder(by)}>
      {title}
      <span aria-hidden="true">{order === by ? ' ↓' : ''}</span>
    </button>
  </th>
)

const Head = (props: HeadProps) => (
  <thead>
    <tr>
      <th scope="col" className={css.connections}>
        Connection
      </th>
      <th scope="col" className={css.tunnels}>
        Tunnel
      </th>
      <Sorted by="up" title="Up" {...props} />
      <Sorted by="down" title="Down" {...props} />
      <Sorted by="moved" title="Moved" {...props} />
      <Sorted by="rtt" title="Round trip" {...props} />
      <th scope="col">What limits it</th>
    </tr>
  </thead>
)

const sumOf = (groups: readonly FlowGroup[]): number =>
  groups.reduce(
    (sum, { upBitsPerSecond, downBitsPerSecond }) => sum + (upBitsPerSecond ?? 0) + (downBitsPerSecond ?? 0),
    0,
  )

const Summary = ({ groups }: { readonly groups: readonly FlowGroup[] }) => {
  const elephants = groups.filter(({ isElephant }) => isElephant).length
  return (
    <span className={css.summary}>
      {renderCount(groups.length, 'connection')}, {renderRate(sumOf(groups))}
      {elephants > 0 && `, ${renderCount(elephants, 'elephant')}`}
    </span>
  )
}

const Table = ({ groups, order, onOrder }: HeadProps & { readonly groups: readonly FlowGroup[] }) => (
  <>
    <ScrollRegion label="Connections table" className={css.scroll}>
      <table className={css.table} aria-label="Connections">
        <Head order={order} onOrder={onOrder} />
        {groups.slice(0, MOST_ROWS).map((group) => (
          <FlowRows key={group.key} group={group} />
        ))}
      </table>
    </ScrollRegion>
    {groups.length > MOST_ROWS && (
      <p className={css.rest}>
        {groups.length - MOST_ROWS} smaller ones are not shown: {renderRate(sumOf(groups.slice(MOST_ROWS)))} together.
      </p>
    )}
  </>
)

type Props = {
  readonly flows: FlowsView | null
  readonly problem: Problem | null
  readonly elephantBytes: number
}

/** Every connection over the tunnels: rate, amount, tunnel, round trip, and what holds it back. */
export const FlowsPanel = ({ flows, problem, elephantBytes }: Props) => {
  const [order, setOrder] = useState<FlowOrder>('moved')
  const groups = useMemo(
    () => (flows === null ? [] : groupFlows(flows.flows, order, elephantBytes)),
    [flows, order, elephantBytes],
  )
  return (
    <Panel title="Connections" flush aside={flows !== null && <Summary groups={groups} />}>
      {problem !== null && (
        <div className={css.problem}>
          <ProblemNote problem={problem} tone="warn" />
        </div>
      )}
      {flows === null ? (
        problem === null && (
          <div className={css.problem} aria-busy="true">
            <Skeleton height={220} radius="sm" />
          </div>
        )
      ) : groups.length === 0 ? (
        <EmptyNote
          title="No connection rides the tunnels just now"
          text="Each TCP connection to the private network appears here within a second."
        />
      ) : (
        <Table groups={groups} order={order} onOrder={setOrder} />
      )}
    </Panel>
  )
}
