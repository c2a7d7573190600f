import { SegmentedControl } from '@mantine/core'
import { type KeyboardEvent, type PointerEvent, useCallback, useRef, useState } from 'react'
import { renderDuration } from '../../ui/format.ts'
import { Panel } from '../../ui/Panel.tsx'
import { useWidth } from '../../ui/use-size.ts'
import { ChartFrame } from './ChartFrame.tsx'
import { ChartLegend } from './ChartLegend.tsx'
import { PLOT } from './chart-geometry.ts'
import type { Direction } from './direction.ts'
import css from './ThroughputChart.module.css'

const WINDOWS = [
  { value: '60', label: '1 min' },
  { value: '300', label: '5 min' },
  { value: '900', label: '15 min' },
]
const DIRECTIONS: readonly { value: Direction; label: string }[] = [
  { value: 'both', label: 'Up + down' },
  { value: 'up', label: 'Up' },
  { value: 'down', label: 'Down' },
]

const KEY_STEPS: Readonly<Record<string, number>> = { ArrowLeft: 1, ArrowRight: -1, PageDown: 30, PageUp: -30 }

/** Age in whole seconds of what lies under the pointer; `null` outside the plot. */
const ageAt = (event: PointerEvent<HTMLElement>, width: number, windowSeconds: number): number | null => {
  const x = event.clientX - event.currentTarget.getBoundingClientRect().left - PLOT.left
  const share = x / (width - PLOT.left - PLOT.right)
  return share < 0 || share > 1 ? null : Math.round((1 - share) * windowSeconds)
}

/** Stacked goodput of every tunnel over the last minutes. The crosshair follows the pointer or the arrow keys. */
export const ThroughputChart = ({ className }: { readonly className?: string | undefined }) => {
  const [windowSeconds, setWindowSeconds] = useState(60)
  const [direction, setDirection] = useState<Direction>('both')
  const [ageSeconds, setAgeSeconds] = useState<number | null>(null)
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)

  const onKeyDown = useCallback(
    (event: KeyboardEvent) => {
      const step = KEY_STEPS[event.key]
      if (event.key === 'Escape') return setAgeSeconds(null)
      if (step === undefined) return
      event.preventDefault()
      setAgeSeconds((age) => Math.min(windowSeconds, Math.max(0, (age ?? 0) + step * (event.shiftKey ? 10 : 1))))
    },
    [windowSeconds],
  )

  return (
    <Panel
      title="Throughput"
      className={className}
      aside={
        <>
          <SegmentedControl
            size="xs"
            aria-label="Direction"
            data={[...DIRECTIONS]}
            value={direction}
            onChange={(value) => setDirection(value as Direction)}
          />
          <SegmentedControl
            size="xs"
            aria-label="Time span"
            data={WINDOWS}
            value={String(windowSeconds)}
            onChange={(value) => setWindowSeconds(Number(value))}
          />
        </>
      }
    >
      <div
        ref={box}
        className={css.plot}
        role="slider"
        tabIndex={0}
        aria-label="Time shown in the throughput chart"
        aria-valuemin={-windowSeconds}
        aria-valuemax={0}
        aria-valuenow={-(ageSeconds ?? 0)}
        aria-valuetext={ageSeconds === null || ageSeconds === 0 ? 'now' : `${renderDuration(ageSeconds * 1000)} ago`}
        onKeyDown={onKeyDown}
        onBlur={() => setAgeSeconds(null)}
        onPointerMove={(event) => setAgeSeconds(ageAt(event, width, windowSeconds))}
        onPointerLeave={() => setAgeSeconds(null)}
      >
        {width > 0 && <ChartFrame width={width} windowSeconds={windowSeconds} direction={direction} />}
        {ageSeconds !== null && width > 0 && (
          <div
            className={css.crosshair}
            style={{
              left: PLOT.left + (width - PLOT.left - PLOT.right) * (1 - ageSeconds / windowSeconds),
              top: PLOT.top,
              bottom: PLOT.bottom,
            }}
          />
        )}
      </div>
      <ChartLegend ageSeconds={ageSeconds} direction={direction} />
    </Panel>
  )
}
