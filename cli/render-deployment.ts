import type { DeploymentView, TelemetrySample, TunnelSample, TunnelView } from '../contract/app.ts'
import { colours } from './colours.ts'
import { plainText } from './plain-text.ts'
import { renderDuration, renderRate } from './quantities.ts'
import { renderBastions, renderResources } from './render-cloud.ts'
import { renderMoney, renderMoneyParts } from './render-money.ts'
import { renderTable } from './table.ts'

const PHASES: Readonly<Record<DeploymentView['phase'], string>> = {
  none: 'Nothing is deployed',
  deploying: 'Deploying',
  connected: 'Connected',
  degraded: 'Connected, but not whole',
  'tearing-down': 'Tearing down',
  failed: 'Failed',
  detached: 'Deployed, but its helper does not answer',
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** What is up, by which profile and for how long, in one line. */
export const renderHeadline = (view: DeploymentView, nowMs: number): string => {
  // After a roll-back the plan is still known, as what was tried; nothing of it is there.
  if (view.plan === null || view.phase === 'none') return `${PHASES[view.phase]}.`
  const on = view.bastions.length === 0 ? '' : ` on ${counted(view.bastions.length, 'bastion')}`
  const what = `${view.plan.target}, ${counted(view.plan.tunnels, 'tunnel')}${on}`
  const since = view.connectedAtMs === null ? '' : `, for ${renderDuration(nowMs - view.connectedAtMs)}`
  const by = view.profile === null ? '' : ` by profile ${view.profile}`
  return `${PHASES[view.phase]}: ${what}${by}${since}`
}

/** The private networks, each once, with the bastions that lead to it. */
const reached = ({ bastions }: DeploymentView): string[] =>
  [...new Set(bastions.map(({ privateCidr }) => privateCidr))].map((network) => {
    const ways = bastions.filter(({ privateCidr }) => privateCidr === network)
    const through = ways.flatMap(({ publicAddress }) => (publicAddress === '' ? [] : [publicAddress])).join(', ')
    const resource = ways.find(({ resourceAddress }) => resourceAddress !== null)?.resourceAddress
    return plainText(
      `Private network ${network} through ${through}${resource === undefined ? '' : `, test resource ${resource}`}`,
    )
  })

const costLines = ({ money, phase }: DeploymentView): string[] =>
  money === null || phase === 'none' ? [] : [renderMoney(money)]

const driftLines = ({ drift }: DeploymentView): string[] =>
  drift.map((line) => plainText(`Not as it was made: ${line}`))

const problemLines = (view: DeploymentView): string[] => {
  if (view.problem === null) return []
  const { message, data } = view.problem
  return [message, data.meaning, data.nextStep === undefined ? undefined : `Next: ${data.nextStep}`]
    .filter((text) => text !== undefined)
    .map(plainText)
}

const orDash = (value: number | null | undefined, render: (value: number) => string): string =>
  value === null || value === undefined ? '–' : render(value)

const row = (tunnel: TunnelView, sample: TunnelSample | undefined, nowMs: number): string[] => [
  String(tunnel.slot),
  tunnel.pathBroken ? `${tunnel.health} (path broken)` : tunnel.health,
  orDash(sample?.rttMs, (ms) => `${ms.toFixed(2)} ms`),
  orDash(sample?.lossRatio, (ratio) => `${(ratio * 100).toFixed(0)} %`),
  orDash(sample?.upBitsPerSecond, renderRate),
  orDash(sample?.downBitsPerSecond, renderRate),
  orDash(sample?.handshakeAgeSeconds, (seconds) => `${renderAge(seconds)} ago`),
  orDash(tunnel.keysSinceMs, (sinceMs) => `${renderAge(Math.max(0, nowMs - sinceMs) / 1000)} old`),
  plainText(tunnel.endpoint),
]

/** WireGuard tells handshakes to the second. */
const renderAge = (seconds: number): string =>
  seconds < 60 ? `${Math.round(seconds)} s` : renderDuration(seconds * 1000)

const HEADINGS = ['TUNNEL', 'HEALTH', 'RTT', 'LOSS', 'UP', 'DOWN', 'HANDSHAKE', 'KEYS', 'ENDPOINT']

const tunnelTable = (view: DeploymentView, sample: TelemetrySample | null, nowMs: number): string =>
  renderTable([
    HEADINGS,
    ...view.tunnels.map((tunnel) =>
      row(
        tunnel,
        sample?.tunnels.find(({ slot }) => slot === tunnel.slot),
        nowMs,
      ),
    ),
  ])

/** What is deployed and what it reaches, and its problem if it has one. */
export const renderSummary = (view: DeploymentView, nowMs: number, hasColour = false): string => {
  const { green, yellow, bold } = colours(hasColour)
  const paint = view.phase === 'connected' ? green : view.phase === 'none' ? bold : yellow
  return [
    paint(renderHeadline(view, nowMs)),
    ...reached(view),
    ...costLines(view),
    ...driftLines(view),
    ...problemLines(view),
  ].join('\n')
}

/**
 * The whole deployment for people: the summary, each bastion that is a machine, each tunnel with what was measured
 * last, what there is in the cloud, and what it costs.
 */
export const renderDeployment = (
  view: DeploymentView,
  sample: TelemetrySample | null,
  nowMs: number,
  hasColour = false,
): string => {
  const { bastions, tunnels, resources, money } = view
  const isOfMachines = bastions.length > 1 || bastions.some(({ machine }) => machine !== null)
  return [
    renderSummary(view, nowMs, hasColour),
    ...(isOfMachines ? [renderBastions(view)] : []),
    ...(tunnels.length === 0 ? [] : [tunnelTable(view, sample, nowMs)]),
    ...(isOfMachines && resources.length > 0 ? [renderResources(resources)] : []),
    ...(money === null || money.parts.length === 0 ? [] : [renderMoneyParts(money)]),
  ].join('\n\n')
}
