import { renderTime } from './describe.ts'
import { html } from './html/markup.ts'
import {
  bandwidthSection,
  factsSection,
  firewallSection,
  hostSection,
  latencySection,
  limitsSection,
  mtuSection,
  recommendationSection,
} from './html/sections.ts'
import { openSourceBook } from './html/source-book.ts'
import { STYLE } from './html/style.ts'
import type { ProbeReport } from './report.ts'

const STATES: Readonly<Record<ProbeReport['state'], string>> = {
  running: ' This probe was still running.',
  done: '',
  cancelled: ' This probe was cancelled; it says what had been found.',
  failed: ' This probe ended early; it says what had been found.',
}

/**
 * A report as one HTML page that needs nothing else, loads nothing and runs nothing: for a browser in light or dark, and for
 * paper. Every figure has a number that leads to where it comes from. Pure.
 */
export const renderProbeHtml = (report: ProbeReport): string => {
  const book = openSourceBook()
  const body = [
    factsSection(report, book),
    limitsSection(report, book),
    firewallSection(report),
    recommendationSection(report),
    mtuSection(report, book),
    latencySection(report, book),
    bandwidthSection(report, book),
    hostSection(report, book),
  ]
  const problem = report.problem === null ? null : html`<p class="problem">${report.problem.message}</p>`
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>Network probe: ${report.hostName} to ${report.targetName}</title>
<style>${STYLE}</style></head><body>
<h1>Network probe: ${report.hostName} to ${report.targetName}</h1>
<p class="dim">Begun ${renderTime(report.startedAtMs)}${report.endedAtMs === null ? null : `, ended ${renderTime(report.endedAtMs)}`}; ${report.id}.${STATES[report.state]}</p>
${problem}${body}
<section><h2>Where the figures come from</h2>
<p class="dim">Figures were measured unless they are marked as published or estimated.</p>
${book.list()}</section>
<footer>Made by Cloud Mole ${report.moleVersion}.</footer>
</body></html>
`.markup
}
