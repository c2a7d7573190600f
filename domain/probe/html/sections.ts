import { renderBitRate } from '../../planner/figures.ts'
import type { TcpRun, UdpStep } from '../bandwidth.ts'
import {
  BOTTLENECK_NAMES,
  describeAnalysis,
  describeBottleneck,
  describeMtu,
  describeRecommendation,
  describeTrips,
  PART_STATES,
  renderMs,
  renderRatio,
} from '../describe.ts'
import { describeInterface, type FactLine } from '../describe-interface.ts'
import type { MtuResult } from '../path.ts'
import { steadyBitsPerSecond, steadySource } from '../rates.ts'
import type { PartProblem, ProbeReport } from '../report.ts'
import type { ProbeTarget } from '../request.ts'
import { bestRun } from '../summarise.ts'
import { mtuLadder, regionBars } from './bars.ts'
import { html, type Markup, NOTHING } from './markup.ts'
import { pathPicture } from './path-picture.ts'
import type { SourceBook } from './source-book.ts'
import { streamsChart } from './streams-chart.ts'

const section = (title: string, ...content: readonly (Markup | readonly Markup[] | null)[]): Markup =>
  html`<section><h2>${title}</h2>\n${content}\n</section>\n`

type Cell = Markup | string

const table = (heading: readonly string[], rows: readonly (readonly Cell[])[]): Markup =>
  html`<div class="wide"><table><thead><tr>${heading.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody></table></div>`

const problemNote = (problem: PartProblem): Markup =>
  html`<p class="problem">${[problem.message, problem.meaning, problem.nextStep].filter((text) => text !== null).join(' ')}</p>`

type Part = ProbeReport['interface'] | ProbeReport['mtu'] | ProbeReport['latency'] | ProbeReport['bandwidth']

/** What became of a part that has not simply been done. */
const stateOf = ({ state, problem, result }: Part): Markup =>
  problem !== null
    ? problemNote(problem)
    : state === 'done' && result !== null
      ? NOTHING
      : html`<p class="dim">This part: ${PART_STATES[state]}.</p>`

/** The figures a reader looks for first. */
export const factsSection = (report: ProbeReport, book: SourceBook): Markup => {
  const { mtu, latency, analysis } = report
  const rtt = latency.result?.target?.medianMs
  const best = bestRun(report)
  const limit = report.bandwidth.state === 'left-out' ? undefined : analysis?.bottlenecks[0]
  const fact = (name: string, value: Markup | string): Markup => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`
  return html`<dl class="facts">${[
    mtu.result === null
      ? null
      : fact('Path MTU', html`${mtu.result.mtuBytes.value} bytes${book.mark(mtu.result.mtuBytes.from)}`),
    rtt === undefined ? null : fact('Round trip, median', html`${renderMs(rtt.value)}${book.mark(rtt.from)}`),
    best === null
      ? null
      : fact('Best goodput', html`${renderBitRate(steadyBitsPerSecond(best))}${book.mark(steadySource(best))}`),
    limit === undefined ? null : fact('What limits', BOTTLENECK_NAMES[limit.name]),
  ]}</dl>\n`
}

/** What binds, with what proves it. */
export const limitsSection = ({ analysis, bandwidth }: ProbeReport, book: SourceBook): Markup => {
  // Where no bandwidth was asked for, nobody asked what limits it.
  if (analysis === null || bandwidth.state === 'left-out') return NOTHING
  const lines = describeAnalysis(analysis)
  return section(
    'What limits',
    pathPicture(analysis.bottlenecks),
    analysis.bottlenecks.map(
      (limit, at) =>
        html`<div class="limit ${limit.name === 'unknown' ? 'unknown' : at === 0 ? 'first' : ''}"><strong>${describeBottleneck(limit)}</strong>${limit.sentence}
${limit.evidence.length === 0 ? null : html`<ul>${limit.evidence.map((each) => html`<li>${each}</li>`)}</ul>`}</div>\n`,
    ),
    lines.length === 0
      ? null
      : table(
          ['Figure', 'Value'],
          lines.map(({ name, value, from }) => [name, html`${value}${book.mark(from)}`]),
        ),
    analysis.cautions.map((caution) => html`<p class="dim">${caution}</p>\n`),
  )
}

/** A range a line. */
const portsOf = (ports: string): Markup => html`<span class="ports">${ports.replaceAll(', ', '\n')}</span>`

/** What a network group is asked to let through. */
export const firewallSection = ({ firewall }: ProbeReport): Markup =>
  firewall.length === 0
    ? NOTHING
    : section(
        'Firewall request',
        html`<p>Please let the following through, in both directions. Nothing else has to be reachable, and nothing begins a connection towards this host.</p>`,
        table(
          ['Purpose', 'Protocol', 'From', 'Port', 'To', 'Port', 'Note'],
          firewall.map((rule) => [
            rule.purpose,
            rule.protocol,
            rule.from,
            portsOf(rule.fromPorts),
            rule.to,
            portsOf(rule.toPorts),
            rule.note,
          ]),
        ),
      )

/** What is left inside a tunnel; what went through tunnels is inside them already. */
const insideTunnels = ({ innerMtuBytes }: MtuResult, kind: ProbeTarget['kind'], book: SourceBook): Markup =>
  kind === 'deployment'
    ? html`It went through the tunnels: this is the size inside them.`
    : html`Inside a WireGuard tunnel: ${innerMtuBytes.value} bytes.${book.mark(innerMtuBytes.from)}`

export const mtuSection = ({ mtu, request }: ProbeReport, book: SourceBook): Markup =>
  section(
    'Path MTU',
    stateOf(mtu),
    mtu.result === null
      ? null
      : html`<p>${describeMtu(mtu.result)}${book.mark(mtu.result.mtuBytes.from)} ${insideTunnels(mtu.result, request.target.kind, book)}</p>${mtuLadder(mtu.result, request.mtuRungs)}`,
  )

export const latencySection = ({ latency }: ProbeReport, book: SourceBook): Markup => {
  const { result } = latency
  const silent = result?.regions.filter(({ trips }) => trips === null) ?? []
  return section(
    'Latency',
    stateOf(latency),
    result?.target == null
      ? null
      : html`<p>To the target: ${describeTrips(result.target)}.${book.mark(result.target.medianMs.from)}</p>`,
    // What is said of the whole part stands above.
    result === null || result.problem === null || result.problem === latency.problem?.message
      ? null
      : html`<p class="problem">${result.problem}</p>`,
    result === null || result.regions.length === 0
      ? null
      : html`<h3>Regions</h3>${regionBars(result.regions)}${regionSource(result.regions, book)}`,
    silent.map(({ region, endpoint, problem }) => html`<p class="dim">${region} (${endpoint}): ${problem}</p>\n`),
  )
}

const regionSource = (regions: NonNullable<ProbeReport['latency']['result']>['regions'], book: SourceBook): Markup => {
  const from = regions.find(({ trips }) => trips !== null)?.trips?.medianMs.from
  return from === undefined ? NOTHING : html`<p class="dim">Median time of a TCP connection.${book.mark(from)}</p>`
}

const share = (ratio: number | null): string => (ratio === null ? '–' : renderRatio(ratio))

const runRow = (run: TcpRun, book: SourceBook): Cell[] => [
  run.direction,
  String(run.streams),
  `${run.seconds.toFixed(0)} s`,
  html`${renderBitRate(run.goodputBitsPerSecond.value)}${book.mark(run.goodputBitsPerSecond.from)}`,
  run.retransmits === null ? '–' : String(run.retransmits),
  share(run.senderCoreRatio),
  share(run.receiverCoreRatio),
]

const udpRow = (step: UdpStep, book: SourceBook): Cell[] => [
  step.direction,
  String(step.flows),
  renderBitRate(step.offeredBitsPerSecond),
  html`${renderBitRate(step.receivedBitsPerSecond.value)}${book.mark(step.receivedBitsPerSecond.from)}`,
  renderRatio(step.lossRatio),
  step.jitterMs === null ? '–' : renderMs(step.jitterMs),
]

export const bandwidthSection = ({ bandwidth, analysis }: ProbeReport, book: SourceBook): Markup => {
  const { result } = bandwidth
  return section(
    'Bandwidth',
    stateOf(bandwidth),
    analysis === null ? null : streamsChart(analysis.curves),
    result === null || result.runs.length === 0
      ? null
      : table(
          ['Direction', 'Streams', 'Time', 'Goodput', 'Sent again', 'Sender’s core', 'Receiver’s core'],
          result.runs.map((run) => runRow(run, book)),
        ),
    result === null || result.udp.length === 0
      ? null
      : html`<h3>UDP in steps</h3>${table(
          ['Direction', 'Flows', 'Offered', 'Arrived', 'Lost', 'Jitter'],
          result.udp.map((step) => udpRow(step, book)),
        )}`,
  )
}

export const recommendationSection = ({ recommendation }: ProbeReport): Markup => {
  const lines = recommendation === null ? [] : describeRecommendation(recommendation)
  return lines.length === 0
    ? NOTHING
    : section(
        'What to deploy',
        table(
          ['Setting', 'Advice', 'Why'],
          lines.map(({ name, value, reason }) => [name, html`<strong>${value}</strong>`, reason]),
        ),
      )
}

const factRow = ({ name, value, lacks, from }: FactLine, book: SourceBook): Cell[] => [
  name,
  value === null ? html`<span class="dim">not known: ${lacks ?? ''}</span>` : html`${value}${book.mark(from)}`,
]

export const hostSection = ({ interface: part }: ProbeReport, book: SourceBook): Markup => {
  const lines = part.result === null ? [] : describeInterface(part.result)
  const of = (group: FactLine['group']): Markup =>
    table(
      ['Fact', 'Value'],
      lines.filter((line) => line.group === group).map((line) => factRow(line, book)),
    )
  return section(
    'This host',
    stateOf(part),
    part.result === null ? null : html`${of('host')}<h3>Interface ${part.result.name}</h3>${of('interface')}`,
  )
}
