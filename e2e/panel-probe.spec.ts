import { readFileSync } from 'node:fs'
import { expect, type Page } from '@playwright/test'
import { MoleError } from '../contract/errors.ts'
import { AWS_TARGET, LAB_TARGET } from './support/fake-answers.ts'
import type { Scenario } from './support/fake-engine.ts'
import { failedPart, partOf, reportOf } from './support/fake-probe.ts'
import { fakeAnalysis, fakeBandwidth, fakeBlackHole, UNKNOWN } from './support/fake-probe-results.ts'
import { beginDark, expectAccessibleInBothLooks } from './support/look.ts'
import { connected, test } from './support/panel-pages.ts'

/** What the network can do: asked for by the wizard, watched while it is measured, read, compared, taken away. */

const HOUR = 3_600_000

const earlier = (hours: number, change: Parameters<typeof reportOf>[0] = {}) =>
  reportOf(change, Date.now() - hours * HOUR)

const running = () =>
  reportOf(
    {
      state: 'running',
      endedAtMs: null,
      latency: partOf('latency', 0.4),
      bandwidth: partOf('bandwidth', 0),
      analysis: null,
      recommendation: null,
      firewall: [],
    },
    Date.now() - 4000,
  )

/** A day ago there was a black hole, and less came through. */
const beforeTheChange = () =>
  earlier(26, {
    mtu: { ...partOf('mtu', 1), result: fakeBlackHole() },
    bandwidth: { ...partOf('bandwidth', 1), result: fakeBandwidth(0.62) },
    analysis: null,
  })

const withoutIperf3 = () =>
  reportOf({
    bandwidth: failedPart('bandwidth', {
      message: 'iperf3 is not installed.',
      meaning: 'Bandwidth is measured with it; the other parts do without.',
      nextStep: 'Install it with: sudo apt-get install iperf3',
    }),
    mtu: { ...partOf('mtu', 1), result: fakeBlackHole() },
    analysis: { ...fakeAnalysis(), bottlenecks: [UNKNOWN], curves: [], pathBitsPerSecond: null, lossRatio: null },
    recommendation: null,
  })

const start = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Start measuring' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Probe', exact: true })).toBeVisible()
}

test('from the wizard to a report: target, parts, cost, and every part as it is measured', async ({ page, open }) => {
  const { engine } = await open('/probe')
  await page.getByRole('link', { name: 'Probe the network' }).click()
  await page.getByRole('radio', { name: 'A host of yours' }).check()
  await expect(page.getByRole('button', { name: 'Continue' })).toBeDisabled()
  await page.getByRole('textbox', { name: 'Name or address' }).fill('iperf.example.edu')
  await page.getByRole('button', { name: 'Continue' }).click()

  await expect(page.getByText(/^Takes about 4 min 35 s/)).toBeVisible()
  await page.getByRole('textbox', { name: 'Sizes to try first' }).fill('many')
  await expect(page.getByText('divided by commas')).toBeVisible()
  await page.getByRole('textbox', { name: 'Sizes to try first' }).fill('1200, 1500, 9000')
  await page.getByText('Upload', { exact: true }).click()
  await page.getByRole('textbox', { name: 'Each run for' }).fill('5')
  await page.getByRole('button', { name: 'Continue to review' }).click()
  await expect(page.getByText('iperf.example.edu, port 5201')).toBeVisible()
  await expect(page.getByText('1, 2, 4, 8; upload')).toBeVisible()
  await start(page)

  const parts = page.getByRole('list', { name: 'Parts of the probe' }).getByRole('listitem')
  await expect(parts).toHaveCount(4)
  await expect(parts.nth(0)).toContainText('waiting')
  const begun = engine.probe.probe.get() ?? reportOf()
  expect(begun.request).toMatchObject({
    target: { kind: 'host', host: 'iperf.example.edu' },
    mtuRungs: [1200, 1500, 9000],
    seconds: 5,
    directions: ['upload'],
  })
  engine.probe.show({ ...begun, mtu: partOf('mtu', 1), bandwidth: partOf('bandwidth', 0.4) })
  await expect(parts.nth(1)).toContainText('done')
  await expect(parts.nth(3)).toContainText('Upload over 4 streams')
  await expect(page.getByRole('progressbar', { name: 'Progress: Bandwidth' })).toHaveAttribute('aria-valuenow', '40')
  await expect(page.getByRole('list', { name: 'Packet sizes, largest first' })).toBeVisible()
  engine.probe.show(reportOf({ id: begun.id, request: begun.request }))
  await expect(page.getByText('Each flow is held to 99 Mbit/s on the way')).toBeVisible()
})

test('what a bastion of AWS costs is shown before it is made; a refused start says why', async ({ page, open }) => {
  const refusals = { 'probe.start': new MoleError('conflict', 'A probe is running already.') }
  await open('/probe/new', { targets: [LAB_TARGET, AWS_TARGET], refusals })
  await page.getByRole('radio', { name: 'AWS' }).check()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Continue to review' }).click()
  await expect(page.getByRole('region', { name: 'Cost' })).toContainText('$0.0218 per hour')
  await expect(page.getByRole('table', { name: 'What will be made' })).toContainText('t4g.small')
  await page.getByRole('button', { name: 'Start measuring' }).click()
  await expect(page.getByRole('alert')).toContainText('A probe is running already.')
})

test('a probe is cancelled; what it had found stays', async ({ page, open }) => {
  await open('/probe', { probe: running() })
  await expect(page.getByText('Knocking at 13 regions').first()).toBeVisible()
  await expect(page.getByRole('list', { name: 'Packet sizes, largest first' })).toContainText('the largest that passes')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByText('Cancelled', { exact: true })).toBeVisible()
  await expect(page.getByText('Was cancelled before anything was found.')).toHaveCount(2)
  await expect(page.getByRole('list', { name: 'Packet sizes, largest first' })).toBeVisible()
})

test('every figure says where it comes from, and what was not measured is marked', async ({ page, open }) => {
  await open('/probe', { probe: reportOf() })
  const found = page.getByRole('region', { name: 'What was found' })
  await found.getByRole('button', { name: '1500 bytes' }).click()
  const source = page.getByRole('dialog')
  await expect(source).toContainText('Measured')
  await expect(source).toContainText('1500 passed, 1501 failed 5 times')
  await expect(source).toContainText('mole 0.1.0')
  await expect(found.getByRole('button', { name: '1440 bytes' })).toContainText('est.')

  const way = page.getByRole('region', { name: 'What limits it' })
  await expect(way.getByRole('img')).toHaveAccessibleName(/narrow at: Path/)
  await expect(way.getByRole('list', { name: 'What proves it' })).toContainText('One UDP flow: 98.9 of 379 Mbit/s')
  await way.getByText('Download', { exact: true }).click()
  await expect(way).toContainText('The path back is full at 392 Mbit/s')
  await expect(page.getByRole('img', { name: /^Goodput over streams\. upload: 1 carry 93\.8 Mbit\/s/ })).toBeVisible()
  await expect(page.getByRole('list', { name: 'Regions, nearest first' }).getByRole('listitem').first()).toContainText(
    'us-west-1',
  )
})

test('a part that could not be measured says so; nothing is guessed in its place', async ({ page, open }) => {
  await open('/probe', { probe: withoutIperf3() })
  await expect(page.getByRole('region', { name: 'Bandwidth' }).getByRole('alert')).toContainText(
    'iperf3 is not installed',
  )
  await expect(page.getByRole('region', { name: 'Path MTU' })).toContainText('a black hole')
  await expect(page.getByRole('region', { name: 'What was found' })).toContainText('failed')
  await expect(page.getByRole('region', { name: 'What limits it' }).getByRole('img')).toHaveAccessibleName(/not known/)
})

test('a quick look shows what was asked for, and no more', async ({ page, open }) => {
  const leftOut = { ...partOf('mtu', 0), state: 'left-out' } as const
  await open('/probe', {
    probe: reportOf({
      mtu: leftOut,
      bandwidth: { ...leftOut, result: null },
      analysis: { ...fakeAnalysis(), bottlenecks: [UNKNOWN] },
    }),
  })
  await expect(page.getByRole('region', { name: 'Latency' })).toBeVisible()
  for (const name of ['Path MTU', 'Bandwidth', 'What limits it'])
    await expect(page.getByRole('region', { name, exact: true })).toHaveCount(0)
  await page.getByText('1 region not reached').click()
  await expect(page.getByRole('list', { name: 'Regions that were not reached' })).toContainText('me-south-1')
})

test('what is recommended goes into the plan of a deployment', async ({ page, open }) => {
  await open('/probe', { probe: reportOf() })
  await expect(page.getByRole('list', { name: 'Recommendation' })).toContainText('Each flow is held to 99 Mbit/s')
  await page.getByRole('button', { name: 'Deploy with this' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('button', { name: 'Continue to review' }).click()
  await expect(page.getByRole('region', { name: 'Plan' })).toContainText('1440 bytes')
  await expect(page.getByRole('region', { name: 'Plan' })).toContainText('Multipath TCP')
})

test('two of the history are laid side by side; one is deleted', async ({ page, open }) => {
  await open('/probe', {
    probe: reportOf(),
    earlierProbes: [earlier(2, { state: 'cancelled' }), beforeTheChange()],
  })
  const rows = page.getByRole('table', { name: 'Probes' }).getByRole('row')
  await expect(rows).toHaveCount(4)
  await rows.nth(1).getByRole('checkbox').check()
  await rows.nth(3).getByRole('checkbox').check()
  await expect(rows.nth(2).getByRole('checkbox')).toBeDisabled()
  await page.getByRole('button', { name: 'Compare these two' }).click()
  await expect(page.getByRole('table', { name: 'Comparison' }).getByRole('row', { name: /Path MTU/ })).toContainText(
    /1400 bytes.*1500 bytes.*\+7 %/,
  )
  await page.getByRole('link', { name: 'Back to the newest' }).click()
  await rows
    .nth(2)
    .getByRole('button', { name: /Delete/ })
    .click()
  await expect(rows).toHaveCount(3)
})

test('a report is taken away as a page for people, and as figures for programs', async ({ page, open }) => {
  const probe = reportOf()
  await open('/probe', { probe })
  for (const [item, name, inside] of [
    ['Report for people (HTML)', `${probe.id}.html`, '<!doctype html>'],
    ['All figures (JSON)', `${probe.id}.json`, '"version": 1'],
  ] as const) {
    await page.getByRole('button', { name: 'Export' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: item }).click(),
    ])
    expect(download.suggestedFilename()).toBe(name)
    expect(readFileSync(await download.path(), 'utf8').toLowerCase()).toContain(inside)
  }
})

type Look = { readonly hash: string; readonly scenario: () => Scenario; readonly act?: (page: Page) => Promise<void> }

const LOOKS: Readonly<Record<string, Look>> = {
  'probe-none': { hash: '/probe', scenario: () => ({}) },
  probe: {
    hash: '/probe',
    scenario: () => ({ probe: reportOf(), earlierProbes: [earlier(2), earlier(26, { state: 'cancelled' })] }),
  },
  'probe-running': { hash: '/probe', scenario: () => ({ probe: running() }) },
  'probe-failed': { hash: '/probe', scenario: () => ({ probe: withoutIperf3(), view: connected() }) },
  'probe-target': {
    hash: '/probe/new',
    scenario: () => ({ targets: [LAB_TARGET, AWS_TARGET] }),
    act: async (page) => {
      await expect(page.getByText('Nothing is up.')).toBeVisible()
    },
  },
  'probe-measure': { hash: '/probe/new/measure', scenario: () => ({}) },
  'probe-compare': {
    hash: '/probe',
    scenario: () => ({
      probe: reportOf(),
      earlierProbes: [beforeTheChange()],
    }),
    act: async (page) => {
      for (const box of await page.getByRole('table', { name: 'Probes' }).getByRole('checkbox').all()) await box.check()
      await page.getByRole('button', { name: 'Compare these two' }).click()
      await expect(page.getByRole('table', { name: 'Comparison' })).toBeVisible()
    },
  },
}

for (const [name, { hash, scenario, act }] of Object.entries(LOOKS)) {
  test(`axe finds nothing: ${name}`, async ({ page, open }) => {
    await beginDark(page)
    await open(hash, scenario())
    await act?.(page)
    await expectAccessibleInBothLooks(page, name)
  })
}
