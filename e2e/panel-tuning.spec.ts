import { expect } from '@playwright/test'
import { MoleError } from '../contract/errors.ts'
import { reportOf } from './support/fake-probe.ts'
import { busy, connected, test } from './support/panel-pages.ts'

/** Which core works for which tunnel, and options tried one after the other. */

test('the map names the cores of each tunnel, those kept free, and the busiest; also as a table', async ({
  page,
  open,
}) => {
  await open('/tuning', { view: connected(), traffic: busy(), cores: 8 })
  const map = page.getByRole('img', { name: /^4 tunnels on 8 cores\./ })
  await expect(map).toHaveAccessibleName(/Core [2-5] is busiest: \d+ %\. Kept free: 0–1, 6–7\./)
  const load = map.locator('[data-core="2"] [data-busy]')
  const before = await load.getAttribute('height')
  await expect(load).not.toHaveAttribute('height', before ?? '')
  await page.getByText('As a table').click()
  await expect(
    page.getByRole('table', { name: 'Tunnels and cores' }).getByRole('row', { name: /mole2/ }),
  ).toContainText('3')
  await expect(page.getByRole('table', { name: 'Settings of this host' })).toContainText(
    'net.ipv4.tcp_congestion_control',
  )
  await expect(page.getByRole('list', { name: 'Not to be had here' })).toContainText('This machine has no cpufreq')
})

test('options are tried in pairs, live; what measured better is kept, the rest taken back', async ({ page, open }) => {
  await open('/tuning', { view: connected(), optimize: { inForce: [] }, pairMs: 60 })
  await expect(page.getByText('Everything is as it was')).toBeVisible()
  await page.getByRole('checkbox', { name: 'TCP window scaling' }).uncheck()
  await page.getByRole('textbox', { name: 'Pairs' }).fill('1')
  await expect(page.getByRole('button', { name: 'Start measuring' })).toBeDisabled()
  await page.getByRole('textbox', { name: 'Pairs' }).fill('4')
  await expect(page.getByText('Takes about 2 min 00 s')).toBeVisible()
  await page.getByRole('button', { name: 'Start measuring' }).click()

  const trials = page.getByRole('list', { name: 'Trials' }).getByRole('listitem')
  await expect(trials).toHaveCount(3)
  await expect(trials.nth(0)).toContainText(/Kept.*\+11 %.*median of 4 pairs/)
  await expect(trials.nth(1)).toContainText('Not tried')
  await expect(trials.nth(2)).toContainText(/Taken back.*−3 %/)
  await expect(trials.nth(0).getByRole('img')).toHaveAccessibleName(/Mbit\/s without, .* Mbit\/s with/)
  await expect(page.getByRole('button', { name: 'Start measuring' })).toBeVisible()
  await expect(page.getByRole('table', { name: 'Settings of this host' })).toContainText('CPU affinity')
})

test('trials can be cancelled; a refused start says why', async ({ page, open }) => {
  const refusal = new MoleError('conflict', 'Somebody else’s traffic would spoil the figures.')
  let refusals: object = { 'optimize.start': refusal }
  const { engine } = await open('/tuning', {
    view: connected(),
    pairMs: 60_000,
    get refusals() {
      return refusals
    },
  })
  await page.getByRole('button', { name: 'Start measuring' }).click()
  await expect(page.getByRole('alert')).toContainText('would spoil the figures')
  refusals = {}
  await page.getByRole('button', { name: 'Start measuring' }).click()
  await expect(page.getByText('Option 1 of 4 is being tried')).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('button', { name: 'Start measuring' })).toBeVisible()
  expect(engine.view.get().phase).toBe('connected')
})

test('what a probe recommends is shown with its reasons, and tried by one button', async ({ page, open }) => {
  await open('/tuning', { view: connected(2), probe: reportOf(), pairMs: 60 })
  await page.getByText('What a probe recommends').click()
  const tried = page.getByRole('list', { name: 'Tried on what is up' })
  await expect(tried.getByRole('listitem').first()).toContainText(/Tunnels2 → 4Each flow is held to 99 Mbit\/s/)
  await expect(tried).toContainText('deployment.tunnels')
  await expect(page.getByRole('list', { name: 'Only another deployment' })).toContainText('tunnel.mtu')
  await expect(page.getByRole('link', { name: /^the probe of / })).toBeVisible()
  await page.getByRole('button', { name: 'Start measuring' }).click()

  const trials = page.getByRole('list', { name: 'Trials' }).getByRole('listitem')
  await expect(trials.nth(0)).toContainText(/Number of tunnels2 → 4Kept.*\+86 %/)
  await expect(page.getByRole('button', { name: 'Start measuring' })).toBeVisible()
})

test('without a probe it says what to do', async ({ page, open }) => {
  await open('/tuning', { view: connected() })
  await page.getByText('What a probe recommends').click()
  await expect(page.getByRole('alert')).toContainText('No probe has recommended anything yet.')
})

test('what is in force is a matter of one choice', async ({ page, open }) => {
  const { engine } = await open('/tuning', { view: connected(), stepMs: 20 })
  await page.getByText('Nothing', { exact: true }).click()
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect.poll(() => engine.view.get().plan?.tuning.apply).toBe('never')
  expect(engine.view.get().plan?.tuning.wanted.congestion).toBe('bbr')
})
