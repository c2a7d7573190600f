import { PART_NAMES, renderTime } from '../../domain/probe/describe.ts'
import type { ProbeReport } from '../../domain/probe/report.ts'
import type { ProbePart } from '../../domain/probe/request.ts'
import { type Colours, colours } from '../colours.ts'
import { plainText } from '../plain-text.ts'
import { renderDuration } from '../quantities.ts'
import { type Footnotes, openFootnotes } from './footnotes.ts'
import { renderAnalysis, renderFirewall, renderRecommendation } from './render-advice.ts'
import { renderBandwidth, renderInterface, renderLatency, renderMtu } from './render-path.ts'

const STATES: Readonly<Record<ProbeReport['state'], string>> = {
  running: ', still running',
  done: '',
  cancelled: ', cancelled',
  failed: ', failed',
}

const headline = ({ id, state, targetName, startedAtMs, endedAtMs }: ProbeReport): string => {
  const length = endedAtMs === null ? '' : `, ${renderDuration(endedAtMs - startedAtMs)}`
  return `${id}: ${plainText(targetName)}\n${renderTime(startedAtMs)}${length}${STATES[state]}`
}

/** Why a part has no result, or not all of it. */
const trouble = (report: ProbeReport, part: ProbePart): string[] => {
  const { problem, state } = report[part]
  if (problem === null) return state === 'cancelled' ? ['  Cancelled before its end.'] : []
  const { message, meaning, nextStep } = problem
  const lines = [message, meaning, nextStep === null ? null : `Next: ${nextStep}`]
  return lines.flatMap((text) => (text === null ? [] : [`  ${plainText(text)}`]))
}

const section = ({ bold }: Colours, title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', bold(title), ...lines]

const PARTS: Readonly<Record<ProbePart, (report: ProbeReport, footnotes: Footnotes) => string[]>> = {
  interface: renderInterface,
  mtu: renderMtu,
  latency: renderLatency,
  bandwidth: renderBandwidth,
}

/** A probe for people: what was found, where each number comes from, what limits, and what to deploy. */
export const renderReport = (report: ProbeReport, hasColour: boolean): string => {
  const paint = colours(hasColour)
  const footnotes = openFootnotes()
  const parts = (Object.keys(PARTS) as ProbePart[]).flatMap((part) =>
    section(paint, PART_NAMES[part], [...PARTS[part](report, footnotes), ...trouble(report, part)]),
  )
  // Rendered before the sources, which are to name theirs too; on a terminal what comes last is what is seen.
  const advice = [
    ...section(paint, 'What limits', renderAnalysis(report, footnotes)),
    ...section(paint, 'What to deploy', renderRecommendation(report)),
  ]
  const firewall = section(paint, 'What firewalls on the way have to let through', renderFirewall(report))
  const sources = section(
    paint,
    'Where the numbers come from',
    footnotes.lines().map((line) => paint.dim(`  ${line}`)),
  )
  return [headline(report), ...parts, ...firewall, ...sources, ...advice].join('\n')
}
