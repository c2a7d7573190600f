import { Popover } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { Source } from '../../../domain/probe/figure.ts'
import { Basis } from '../../ui/Basis.tsx'
import { renderTime } from '../../ui/format.ts'
import css from './Sourced.module.css'

const toolOf = ({ tool, version }: Source): string => (version === null ? tool : `${tool} ${version}`)

/** Where the figures of a drawing come from, in one line. */
export const SourceLine = ({ from }: { readonly from: Source }) => (
  <p className={css.line}>
    <Basis of={from.kind} />
    <span>
      {from.how}; {toolOf(from)}, {renderTime(from.atMs)}
    </span>
  </p>
)

type Props = {
  readonly from: Source
  readonly children: ReactNode
}

/** A figure that says where it comes from when it is pointed at, or pressed. What was not measured is marked as it stands. */
export const Sourced = ({ from, children }: Props) => {
  const [isHeld, setHeld] = useState(false)
  const [isPointedAt, setPointedAt] = useState(false)
  return (
    <Popover
      opened={isHeld || isPointedAt}
      onDismiss={() => setHeld(false)}
      position="top"
      withArrow
      width={300}
      shadow="md"
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <button
          type="button"
          className={css.figure}
          data-kind={from.kind}
          aria-description="Where it comes from"
          onClick={() => setHeld(!isHeld)}
          onPointerEnter={() => setPointedAt(true)}
          onPointerLeave={() => setPointedAt(false)}
          onBlur={() => setHeld(false)}
        >
          {children}
          {from.kind !== 'measured' && <span className={css.mark}>{from.kind === 'estimated' ? 'est.' : 'publ.'}</span>}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={css.source ?? ''}>
        <p className={css.how}>
          <Basis of={from.kind} /> {from.how}
        </p>
        <dl>
          <dt>With</dt>
          <dd>{toolOf(from)}</dd>
          <dt>At</dt>
          <dd>{renderTime(from.atMs)}</dd>
        </dl>
      </Popover.Dropdown>
    </Popover>
  )
}
