import { execFileSync } from 'node:child_process'
import { beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { accountOfCommand, verbsWithin } from '../command-tree.ts'
import { EXIT_MEANINGS } from '../exit-codes.ts'
import { buildProgram } from '../program.ts'
import { fakeWorld } from '../testing/fake-world.ts'
import { printed } from '../testing/printed.ts'
import { escapeRoff, title, verbatim } from './roff.ts'

const TREE = accountOfCommand(buildProgram({ world: fakeWorld(null), exitWith: () => {} }, '1.2.3'))
const ACTS = verbsWithin(TREE).filter(({ acts }) => acts)

let page = ''
beforeAll(async () => {
  page = await printed('man')
})

/** What a program makes of roff; `null` where it is not installed. */
const format = (program: string, argv: readonly string[], text: string): string | null => {
  try {
    return execFileSync(program, argv, { input: text, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] })
  } catch (error) {
    const { code, stdout, stderr } = error as NodeJS.ErrnoException & { stdout?: string; stderr?: string }
    if (code === 'ENOENT') return null
    return `${stdout}${stderr}`
  }
}

const formatted = (context: TestContext, text: string): string => {
  const shown = format('groff', ['-man', '-Tutf8', '-P-cbou'], text)
  if (shown === null) context.skip('groff is not installed on this machine: the page is not formatted')
  return shown as string
}

describe('the manual page', () => {
  it('has the sections of a page of the first part', () => {
    expect(page).toMatch(/^\.TH "MOLE" 1 "" "Cloud Mole 1\.2\.3"/)
    const sections = [...page.matchAll(/^\.SH "(.*)"$/gm)].map(([, name]) => name)
    expect(sections.slice(0, 3)).toEqual(['NAME', 'SYNOPSIS', 'DESCRIPTION'])
    expect(sections).toEqual(
      expect.arrayContaining([
        'TUNNELS',
        'CONFIGURATION',
        'ENVIRONMENT',
        'FILES',
        'EXIT STATUS',
        'EXAMPLES',
        'SEE ALSO',
      ]),
    )
  })

  it.each(ACTS)('has $path with its options and examples', ({ path, options, examples, description }) => {
    const start = page.indexOf(`.SS "${escapeRoff(path)} [options]`)
    expect(start).toBeGreaterThan(0)
    const end = page.slice(start + 1).search(/^\.S[SH] /m)
    const part = page.slice(start, start + 1 + end)
    expect(part).toContain(escapeRoff(description.split('\n')[0] as string))
    expect(examples.length).toBeGreaterThan(0)
    for (const example of examples) expect(part).toContain(escapeRoff(example))
    const common = page.slice(page.indexOf('.SH "OPTIONS OF EVERY VERB"'), page.indexOf('.SH "TUNNELS"'))
    for (const name of options.flatMap(({ names }) => names))
      expect(`${common}${part}`).toContain(`\\fB${escapeRoff(name)}\\fR`)
  })

  it('has every exit code', () => {
    const part = page.slice(page.indexOf('.SH "EXIT STATUS"'))
    for (const [code, meaning] of Object.entries(EXIT_MEANINGS))
      expect(part).toContain(`.TP\n\\fB${code}\\fR\n${escapeRoff(meaning)}\n`)
  })

  it('tells nothing of what is hidden', () => {
    expect(page).not.toContain(escapeRoff('--detached'))
    expect(page).not.toMatch(/undefined|\[object/)
  })

  it('is the same each time, and in JSON', async () => {
    const { page: inJson } = JSON.parse(await printed('man', '--json')) as { page: string }
    expect(`${inJson.trimEnd()}\n`).toBe(page)
  })

  it('gives groff nothing to warn of', (context) => {
    const warnings = format('groff', ['-man', '-ww', '-b', '-z'], page)
    if (warnings === null) context.skip('groff is not installed on this machine: the page is not checked by it')
    expect(warnings).toBe('')
    // groff warns on stderr and ends well all the same.
    expect(format('sh', ['-c', 'groff -man -ww -z 2>&1'], page)).toBe('')
    expect(format('sh', ['-c', 'groff -man -ww -z 2>&1'], `${page}.nonsense\n`)).toMatch(/nonsense/)
  })

  it('gives mandoc no error to tell of', (context) => {
    const faults = format('mandoc', ['-man', '-Tlint', '-W', 'error'], page)
    if (faults === null) context.skip('mandoc is not installed on this machine: the page is not checked by it')
    expect(faults).toBe('')
  })

  it('shows every example as it is to be typed', (context) => {
    const shown = formatted(context, page)
    for (const example of ACTS.flatMap(({ examples }) => examples)) expect(shown).toContain(example)
  })
})

it.for([
  '.TH is no request here',
  "'tis none either",
  'C:\\new\\fB',
  'echo \'a\' "b" `c` ~/.x ^d --long -s',
  '50 % – “quoted” ≤ 8, 日本語 🦡',
  '\\*[x] \\n(yr .\\" comment',
])('roff shows %j as it is', (text, context) => {
  expect(formatted(context, `${title('X', 1, '1', 'X')}\n${verbatim([text, `next ${text}`])}\n`)).toContain(
    `next ${text}`,
  )
})
