import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { html } from './html/markup.ts'
import { renderProbeHtml } from './render-html.ts'
import type { ProbeReport } from './report.ts'
import { reportOf } from './testing/report.ts'

const CASES = ['path-200', 'policing-100-of-400', 'send-buffer-32k', 'burst']

/** Every text of a report is this one, as far as its shape allows. */
const poisoned = (report: ProbeReport, text: string): ProbeReport => {
  const change = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(change)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, POISONED.has(key) ? text : change(each)]),
    )
  }
  const POISONED = new Set(['how', 'tool', 'sentence', 'reason', 'note', 'message', 'targetName', 'hostName', 'region'])
  return change(report) as ProbeReport
}

/** Tags of a page, names alone; a page of text that is escaped has the same whatever the text is. */
const tagsOf = (page: string): string[] => [...page.matchAll(/<\/?[a-zA-Z!][^\s>]*/g)].map(([tag]) => tag)

describe('renderProbeHtml', () => {
  it('lets no text of a report become HTML', () => {
    const report = reportOf('policing-100-of-400')
    const tags = tagsOf(renderProbeHtml(poisoned(report, 'x')))
    const nasty = fc.array(
      fc.constantFrom('<script>', '</style>', '<!--', '"', "'", '`', '&', '>', ' onload=', 'javascript:', '\0'),
      { minLength: 1 },
    )
    fc.assert(
      fc.property(nasty, (pieces) => {
        const page = renderProbeHtml(poisoned(report, `x${pieces.join('')}`))
        expect(tagsOf(page)).toEqual(tags)
      }),
      { numRuns: 30 },
    )
  })

  it.each(CASES)('loads nothing and runs nothing: %s', (name) => {
    const page = renderProbeHtml(reportOf(name))
    expect(page).not.toMatch(/<(script|link|img|iframe|object|embed|form)\b|\son[a-z]+=|url\(|@import|https?:/i)
    expect(page).toContain("default-src 'none'")
    expect([...page.matchAll(/href="([^"]*)"/g)].every(([, to]) => to?.startsWith('#source-'))).toBe(true)
  })

  it.each(CASES)('leads from every mark to a source, and each is marked somewhere: %s', (name) => {
    const page = renderProbeHtml(reportOf(name))
    const marks = new Set([...page.matchAll(/href="#(source-\d+)"/g)].map(([, id]) => id))
    const sources = [...page.matchAll(/<li id="(source-\d+)"/g)].map(([, id]) => id)
    expect(marks).toEqual(new Set(sources))
    expect(sources.length).toBeGreaterThan(3)
  })

  it('marks what was not measured', () => {
    expect(renderProbeHtml(reportOf('path-200'))).toContain('<em class="kind">estimated</em>')
  })

  it('says of the best goodput when it is not the figure of a whole run', () => {
    const page = renderProbeHtml(reportOf('burst'))
    const [, mark] = /Best goodput<\/dt><dd>[^<]*<sup><a href="#(source-\d+)"/.exec(page) ?? []
    expect(new RegExp(`<li id="${mark}">([^<]*)`).exec(page)?.[1]).toMatch(/iperf3.*median second of the later/)
  })

  it('closes what it opens', () => {
    for (const name of CASES) {
      const page = renderProbeHtml(reportOf(name)).replaceAll(
        /<(meta|circle|line|rect|path)\b[^>]*>|<!doctype html>/g,
        '',
      )
      const open: string[] = []
      for (const [, slash, tag] of page.matchAll(/<(\/?)([a-z0-9]+)[^>]*>/g))
        if (slash === '') open.push(tag ?? '')
        else expect(open.pop()).toBe(tag)
      expect(open).toEqual([])
    }
  })

  it('tells the exact request for the firewall', () => {
    const page = renderProbeHtml(reportOf('policing-100-of-400'))
    for (const text of ['192.0.2.7', '198.51.100.9', '41821-41824', '41921-41924', '51821-51836', 'code 4'])
      expect(page).toContain(text)
  })

  it('says why a part has nothing, beside the parts that have', () => {
    const report = reportOf('path-200')
    const problem = { message: 'iperf3 is not installed.', meaning: null, nextStep: 'Install it.' }
    const page = renderProbeHtml({
      ...report,
      state: 'cancelled',
      bandwidth: { ...report.bandwidth, state: 'failed', problem, result: null },
    })
    expect(page).toContain('iperf3 is not installed. Install it.')
    expect(page).toContain('was cancelled')
    expect(page).toContain('1500 bytes pass')
  })

  it('says nothing of what limits where no bandwidth was asked for', () => {
    const { bandwidth, ...report } = reportOf('path-200')
    const page = renderProbeHtml({ ...report, bandwidth: { ...bandwidth, state: 'left-out', result: null } })
    expect(renderProbeHtml({ ...report, bandwidth })).toContain('What limits')
    expect(page).not.toContain('What limits')
  })

  it('takes nothing off for a tunnel where it measured through tunnels', () => {
    const report = reportOf('path-200')
    const target = { kind: 'deployment', host: null, iperf3Port: 5201, echoPort: 7011 } as const
    expect(renderProbeHtml(report)).toContain('Inside a WireGuard tunnel: 1440 bytes')
    expect(renderProbeHtml({ ...report, request: { ...report.request, target } })).not.toContain(
      'WireGuard tunnel: 1440',
    )
  })

  it('says once why nobody answered', () => {
    const { latency, ...report } = reportOf('path-200')
    const problem = { message: 'dtn.example.org does not answer.', meaning: null, nextStep: null }
    const result = latency.result && { ...latency.result, target: null, problem: problem.message }
    const page = renderProbeHtml({ ...report, latency: { ...latency, problem, result } })
    expect(page.match(/dtn\.example\.org does not answer\./g)).toHaveLength(1)
  })
})

describe('html', () => {
  it('escapes every value but what is a template itself, and leaves out null', () => {
    expect(html`<p>${'<b>&"'}${html`<i>${1}</i>`}${[null, 'x']}</p>`.markup).toBe(
      '<p>&#60;b&#62;&#38;&#34;<i>1</i>x</p>',
    )
  })
})
