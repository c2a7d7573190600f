import type { AutoscaleView, ScalingDecision } from '../contract/app.ts'
import type { DeploymentPlan } from '../domain/tunnel-plan.ts'
import { plainText } from './plain-text.ts'
import { renderBytes, renderDuration, renderRate } from './quantities.ts'
import { renderTable } from './table.ts'

const percent = (share: number): string => `${Math.round(share * 100)} %`

const orUnknown = (value: number | null, render: (value: number) => string): string =>
  value === null ? 'not known' : render(value)

const range = ({ minTunnels, maxTunnels }: DeploymentPlan): string => `${minTunnels} to ${maxTunnels} tunnels`

/** Whether scaling happens by itself, and how loaded the bundle is, in one line. */
export const renderAutoscaleLine = ({ utilisation, decisions }: AutoscaleView, plan: DeploymentPlan): string => {
  const [newest] = decisions
  const last = newest === undefined ? '' : ` ${newest.reason}`
  return plainText(`Scales by itself, ${range(plan)}; utilisation ${orUnknown(utilisation, percent)}.${last}`)
}

const ARROWS: Readonly<Record<ScalingDecision['action'], string>> = {
  up: 'added',
  down: 'removed',
  revert: 'taken back',
  hold: 'kept',
}

const decisionRow = ({ atMs, action, from, to, reason, outcome }: ScalingDecision, nowMs: number): string[] => [
  `${renderDuration(nowMs - atMs)} ago`,
  ARROWS[action],
  from === to ? String(from) : `${from} → ${to}`,
  plainText(outcome === null ? reason : `${reason} ${outcome}`),
]

const settingsTable = ({ settings }: AutoscaleView): string => {
  const { upThreshold, downThreshold, intervalMs, upCooldownMs, downCooldownMs, elephantBytes } = settings
  return renderTable([
    ['add above', `${percent(upThreshold)}, no sooner than ${renderDuration(upCooldownMs)} after a change`],
    ['remove below', `${percent(downThreshold)} for ${renderDuration(downCooldownMs)}`],
    ['looks every', `${renderDuration(intervalMs)}, and at once for a flow of ${renderBytes(elephantBytes)}`],
  ])
}

/** Settings, load, and the newest decisions with their reasons. */
export const renderAutoscale = (view: AutoscaleView, plan: DeploymentPlan, nowMs: number, most: number): string => {
  const { settings, goodputBitsPerSecond, capacityPerTunnelBitsPerSecond, capacityOrigin, utilisation } = view
  const load = renderTable([
    ['goodput', orUnknown(goodputBitsPerSecond, renderRate)],
    ['one tunnel carries', plainText(`${orUnknown(capacityPerTunnelBitsPerSecond, renderRate)} (${capacityOrigin})`)],
    ['utilisation', orUnknown(utilisation, percent)],
  ])
  return [
    settings.enabled
      ? `Scales by itself, ${range(plan)}.`
      : 'Does not scale by itself. To switch it on: mole autoscale on',
    settingsTable(view),
    load,
    ...(view.decisions.length === 0
      ? []
      : [
          renderTable([
            ['WHEN', 'TUNNELS', 'NUMBER', 'WHY'],
            ...view.decisions.slice(0, most).map((each) => decisionRow(each, nowMs)),
          ]),
        ]),
  ].join('\n\n')
}
