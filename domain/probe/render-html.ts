import { describeAnalysis, describeRecommendation, renderTime } from './describe.ts'
import type { ProbeReport } from './report.ts'

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => `&#${letter.codePointAt(0)};`)

/** A report as one HTML page that needs nothing else. Pure. */
export const renderProbeHtml = (report: ProbeReport): string => {
  const lines = report.analysis === null ? [] : describeAnalysis(report.analysis)
  const advice = report.recommendation === null ? [] : describeRecommendation(report.recommendation)
  const row = (name: string, value: string): string => `<tr><th>${escaped(name)}</th><td>${escaped(value)}</td></tr>`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(report.targetName)}</title></head><body>
<h1>Network probe of ${escaped(renderTime(report.startedAtMs))}</h1>
<table>${[...lines, ...advice].map(({ name, value }) => row(name, value)).join('')}</table>
</body></html>
`
}
