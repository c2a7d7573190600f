import { describeAnalysis, describeBottleneck, describeRecommendation } from '../../domain/probe/describe.ts'
import type { ProbeReport } from '../../domain/probe/report.ts'
import { plainText } from '../plain-text.ts'
import { renderTable } from '../table.ts'
import type { Footnotes } from './footnotes.ts'

const INDENT = '  '

/** What limits, with the counters that prove it, and what follows from the figures. */
export const renderAnalysis = ({ analysis, bandwidth }: ProbeReport, { mark }: Footnotes): string[] => {
  // Where no bandwidth was asked for, nobody asked what limits it.
  if (analysis === null || bandwidth.state === 'left-out') return []
  const limits = analysis.bottlenecks.flatMap((each) => [
    `${INDENT}${describeBottleneck(each)}: ${plainText(each.sentence)}`,
    ...each.evidence.map((text) => `${INDENT}${INDENT}${plainText(text)}`),
  ])
  const figures = describeAnalysis(analysis).map(({ name, value, from }) => [name, `${value}${mark(from)}`])
  return [
    ...limits,
    ...(figures.length === 0 ? [] : [renderTable(figures, INDENT)]),
    ...analysis.cautions.map((text) => `${INDENT}Caution: ${plainText(text)}`),
  ]
}

/** What to deploy, each with its reason and the key that sets it. */
export const renderRecommendation = ({ recommendation }: ProbeReport): string[] =>
  recommendation === null
    ? []
    : describeRecommendation(recommendation).flatMap(({ name, value, reason, key }) => [
        `${INDENT}${name}: ${plainText(value)}${key === null ? '' : ` (${key})`}`,
        `${INDENT}${INDENT}${plainText(reason)}`,
      ])

/** What a network group is asked to let through. */
export const renderFirewall = ({ firewall }: ProbeReport): string[] => {
  const rows = firewall.map((rule) =>
    [rule.purpose, rule.protocol, `${rule.from} ${rule.fromPorts}`, `${rule.to} ${rule.toPorts}`, rule.note].map(
      plainText,
    ),
  )
  return rows.length === 0 ? [] : [renderTable([['for', '', 'from, port', 'to, port', ''], ...rows], INDENT)]
}
