import { Box, Text } from 'ink'
import { createElement as h, type ReactNode } from 'react'
import type { TunnelSample, TunnelView } from '../../contract/app.ts'
import { plainText } from '../plain-text.ts'
import { renderRate } from '../quantities.ts'
import { renderSummary } from '../render-deployment.ts'
import { type Monitor, ratesOf } from './model.ts'
import { renderSparkline } from './sparkline.ts'

/* Written with createElement: this program also runs from its source, where there is no JSX. */

export type DashboardProps = {
  readonly monitor: Monitor
  readonly nowMs: number
  readonly columns: number
}

const SPARK = 24
/** Below this the sparklines would push numbers off the line. */
const WIDE = 78

const HEALTH = {
  up: { mark: '●', color: 'green' },
  degraded: { mark: '◐', color: 'yellow' },
  silent: { mark: '○', color: 'red' },
  unknown: { mark: '·', color: 'gray' },
} as const

/** In one word: a tunnel that is out of the route carries nothing, whatever its health. */
const stateOf = ({ health, carries, pathBroken }: TunnelView): string => {
  if (!carries) return health === 'up' ? 'returns' : 'out'
  return pathBroken ? 'broken' : health
}

const cell = (width: number, text: string, more: object = {}): ReactNode =>
  h(Box, { width, justifyContent: 'flex-end', key: `${width}${text}${JSON.stringify(more)}` }, h(Text, more, text))

const orDash = (value: number | null | undefined, render: (value: number) => string): string =>
  value === null || value === undefined ? '–' : render(value)

const Row = ({
  tunnel,
  sample,
  rates,
}: {
  readonly tunnel: TunnelView
  readonly sample: TunnelSample | undefined
  readonly rates: readonly number[] | null
}): ReactNode => {
  const { mark, color } = HEALTH[tunnel.health]
  const loss = sample?.lossRatio ?? null
  return h(
    Box,
    { columnGap: 1 },
    h(Box, { width: 3, justifyContent: 'flex-end' }, h(Text, {}, String(tunnel.slot))),
    h(Box, { width: 10 }, h(Text, { color }, `${mark} ${stateOf(tunnel)}`)),
    cell(13, orDash(sample?.upBitsPerSecond, renderRate)),
    cell(14, orDash(sample?.downBitsPerSecond, renderRate)),
    cell(
      11,
      orDash(sample?.rttMs, (ms) => `${ms.toFixed(2)} ms`),
    ),
    cell(
      6,
      orDash(loss, (ratio) => `${(ratio * 100).toFixed(0)} %`),
      loss !== null && loss > 0 ? { color: 'yellow' } : {},
    ),
    rates === null ? null : h(Text, { color: 'cyan' }, renderSparkline(rates, SPARK - 8)),
  )
}

const Heading = (): ReactNode =>
  h(
    Box,
    { columnGap: 1 },
    h(Box, { width: 3, justifyContent: 'flex-end' }, h(Text, { dimColor: true }, '#')),
    h(Box, { width: 10 }, h(Text, { dimColor: true }, 'HEALTH')),
    ...(
      [
        [13, 'UP'],
        [14, 'DOWN'],
        [11, 'RTT'],
        [6, 'LOSS'],
      ] as const
    ).map(([width, title]) => cell(width, title, { dimColor: true })),
  )

const Total = ({
  title,
  rates,
  isWide,
}: {
  readonly title: string
  readonly rates: number[]
  readonly isWide: boolean
}) =>
  h(
    Box,
    { columnGap: 1 },
    h(Box, { width: 5 }, h(Text, { dimColor: true }, title)),
    h(Box, { width: 13, justifyContent: 'flex-end' }, h(Text, { bold: true }, renderRate(rates.at(-1) ?? 0))),
    isWide ? h(Text, { color: 'cyan' }, renderSparkline(rates, SPARK * 2)) : null,
  )

/** What has become of the route; nothing while every tunnel carries. */
const RouteLine = ({ tunnels }: { readonly tunnels: readonly TunnelView[] }): ReactNode => {
  if (tunnels.every(({ health }) => health === 'silent'))
    return h(Text, { color: 'red', bold: true }, 'No tunnel answers: traffic is held here and goes no other way.')
  const out = tunnels.filter(({ carries }) => !carries)
  if (out.length === 0) return null
  const names = out.map(({ slot }) => slot).join(', ')
  const others = tunnels.length - out.length
  return h(
    Text,
    { color: 'yellow' },
    `Out of the route: ${names}. The other ${others === 1 ? 'one carries' : `${others} carry`} the traffic.`,
  )
}

const clockTime = (atMs: number): string => new Date(atMs).toTimeString().slice(0, 8)

const LEVELS = { info: {}, warning: { color: 'yellow' }, error: { color: 'red' } } as const

/** The dashboard of `mole monitor`: the deployment, what it carries now and in the last minute, each tunnel, the last events. */
export const Dashboard = ({ monitor, nowMs, columns }: DashboardProps): ReactNode => {
  const { view, samples, events } = monitor
  const isWide = columns >= WIDE
  const latest = samples.at(-1)
  if (view === null) return h(Text, { dimColor: true }, 'Asking the engine …')
  const color = view.phase === 'connected' ? 'green' : view.phase === 'none' ? 'white' : 'yellow'
  const [headline = '', ...more] = renderSummary(view, nowMs).split('\n')
  return h(
    Box,
    { flexDirection: 'column', rowGap: 1 },
    h(
      Box,
      { flexDirection: 'column' },
      h(Text, { bold: true, color }, headline),
      ...more.map((line) => h(Text, { key: line, dimColor: true, wrap: 'truncate' }, line)),
    ),
    view.tunnels.length === 0
      ? null
      : h(
          Box,
          { flexDirection: 'column' },
          h(Total, { title: 'up', rates: ratesOf(samples, 'upBitsPerSecond'), isWide }),
          h(Total, { title: 'down', rates: ratesOf(samples, 'downBitsPerSecond'), isWide }),
        ),
    view.tunnels.length === 0
      ? null
      : h(
          Box,
          { flexDirection: 'column' },
          h(Heading),
          ...view.tunnels.map((tunnel) =>
            h(Row, {
              key: tunnel.slot,
              tunnel,
              sample: latest?.tunnels.find(({ slot }) => slot === tunnel.slot),
              rates: isWide ? bothWays(monitor, tunnel.slot) : null,
            }),
          ),
          h(RouteLine, { tunnels: view.tunnels }),
        ),
    h(
      Box,
      { flexDirection: 'column' },
      ...events.map(({ id, atMs, level, text }) =>
        h(Text, { key: id, wrap: 'truncate', ...LEVELS[level] }, `${clockTime(atMs)}  ${plainText(text)}`),
      ),
    ),
    h(Text, { dimColor: true }, 'q or Ctrl-C to leave; the tunnels stay up'),
  )
}

const bothWays = ({ samples }: Monitor, slot: number): number[] => {
  const down = ratesOf(samples, 'downBitsPerSecond', slot)
  return ratesOf(samples, 'upBitsPerSecond', slot).map((up, index) => up + (down[index] ?? 0))
}
