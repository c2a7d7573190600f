import { expect, type Page, test } from '@playwright/test'
import { MoleError } from '../contract/errors.ts'
import { AWS_WITHOUT_CREDENTIALS, LAB_RESTRICTED, LAB_TARGET, someEvents } from './support/fake-answers.ts'
import type { Scenario } from './support/fake-engine.ts'
import { type FakePanel, startFakePanel } from './support/fake-panel.ts'
import { connectedView, IDLE_TRAFFIC, planOf, withPath } from './support/fake-views.ts'
import { beginDark, expectAccessibleInBothLooks } from './support/look.ts'

/** The built panel before an engine of cardboard: states that a real one reaches seldom, slowly or not on demand. */

let panel: FakePanel | null = null
let complaints: string[] = []

test.beforeEach(({ page }) => {
  complaints = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // A socket that cannot be opened is reported by the browser itself, and is what some tests are about.
    if (message.type() === 'error' && !message.text().includes('WebSocket')) complaints.push(message.text())
  })
})

test.afterEach(async () => {
  await panel?.close()
  panel = null
  // Also says that the Content-Security-Policy was never violated.
  expect(complaints).toEqual([])
})

const open = async (page: Page, scenario: Scenario = {}, hash = ''): Promise<FakePanel> => {
  panel = await startFakePanel(scenario)
  await page.goto(panel.link())
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  if (hash !== '') await page.evaluate((path) => location.assign(`#${path}`), hash)
  return panel
}

const connected = (tunnels = 4) => connectedView(planOf(tunnels), Date.now())
const busy = () => ({
  ...IDLE_TRAFFIC,
  running: true,
  streams: 8,
  direction: 'upload' as const,
  startedAtMs: Date.now() - 12_000,
  latestBitsPerSecond: 734_000_000,
})

const keysProblem = {
  code: 'timeout' as const,
  message: 'The bastion did not publish its keys within 60 s.',
  data: { meaning: 'Without them no tunnel can be made.', nextStep: 'Look at the log of this step, then try again.' },
}

test('a newcomer clicks from nothing to traffic and back', async ({ page }) => {
  await open(page)
  await page.getByRole('link', { name: 'Connect', exact: true }).click()

  await expect(page.getByRole('heading', { name: 'Where to?' })).toBeVisible()
  await page.getByRole('radio', { name: 'Local lab' }).check()
  await page.getByRole('button', { name: 'Continue' }).click()

  await page.getByRole('group', { name: 'Number of tunnels' }).getByRole('radio', { name: '3' }).check()
  await expect(page.getByText('3 × 200 Mbit/s make 600 Mbit/s at most')).toBeVisible()
  await page.getByRole('button', { name: 'Continue to review' }).click()

  await expect(page.getByRole('table', { name: 'What will be made' })).toContainText('mole1 … mole3')
  await page.getByRole('button', { name: 'Deploy now' }).click()

  await expect(page.getByRole('heading', { name: 'What to do next' })).toBeVisible()
  await page.getByRole('link', { name: 'Go to Overview' }).click()

  await expect(page.getByRole('region', { name: 'Connection' })).toContainText('Connected')
  await expect(page.getByRole('table', { name: 'Tunnels' }).getByRole('rowheader')).toHaveText([
    'mole1',
    'mole2',
    'mole3',
  ])

  await page.getByLabel('Streams').fill('4')
  await page.getByLabel('Duration').fill('2')
  await page.getByRole('button', { name: 'Start traffic' }).click()
  await expect(page.getByRole('button', { name: 'Stop traffic' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Last iperf3 report' })).toContainText('Measured by iperf')
  await expect(page.getByRole('button', { name: 'Start traffic' })).toBeEnabled()

  await page.getByRole('button', { name: 'Disconnect' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect now' }).click()
  await expect(page.getByRole('heading', { name: 'Nothing is connected yet' })).toBeVisible()
})

test('the wizard needs no mouse', async ({ page }) => {
  await open(page, {}, '/deploy')
  await expect(page.getByRole('heading', { name: 'Where to?' })).toBeFocused()
  // The targets are asked for: Tab before the answer would go past them.
  await expect(page.getByRole('radio', { name: 'Local lab' })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('radio', { name: 'Local lab' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'How many tunnels?' })).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(page.getByText('5 tunnels')).toBeVisible()
  await page.getByRole('button', { name: 'Deploy now' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'What to do next' })).toBeVisible()
  await page.keyboard.press('Alt+1')
  await expect(page.getByRole('table', { name: 'Tunnels' }).getByRole('rowheader')).toHaveCount(5)
})

test('a deployment that is cancelled is rolled back, and says so', async ({ page }) => {
  await open(page, { stallAt: 'await-keys' }, '/deploy/review')
  await page.getByRole('button', { name: 'Deploy now' }).click()
  const steps = page.getByRole('list', { name: 'Steps' })
  await expect(steps.getByRole('listitem').filter({ hasText: 'Wait for the bastion’s keys' })).toContainText('running')
  await page.getByRole('button', { name: 'Cancel and roll back' }).click()
  await expect(page.getByRole('heading', { name: 'Cancelled and rolled back' })).toBeVisible()
  await expect(steps.getByRole('listitem').filter({ hasText: 'Prove that nothing is left' })).toContainText('done')
  await page.getByRole('link', { name: 'Go to Overview' }).click()
  await expect(page.getByRole('heading', { name: 'Nothing is connected yet' })).toBeVisible()
})

test('a deployment that fails says what happened, what it means and what to do', async ({ page }) => {
  await open(page, { stepMs: 20, failAt: { step: 'await-keys', problem: keysProblem } }, '/deploy/review')
  await page.getByRole('button', { name: 'Deploy now' }).click()
  await expect(page.getByRole('heading', { name: 'That did not work' })).toBeVisible()
  const alert = page.getByRole('alert')
  await expect(alert).toContainText(keysProblem.message)
  await expect(alert).toContainText(keysProblem.data.meaning)
  await expect(alert).toContainText(keysProblem.data.nextStep)
  await page.getByRole('button', { name: 'Log of: Wait for the bastion’s keys' }).click()
  await expect(page.getByRole('region', { name: 'Log of: Wait for the bastion’s keys' })).toContainText('failed')

  await page.getByRole('link', { name: 'Go to Overview' }).click()
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText('Failed')
  await page.getByRole('button', { name: 'Clean up' }).click()
  await expect(page.getByRole('heading', { name: 'Nothing is connected yet' })).toBeVisible()
})

test('a wrong address is named at its field and goes no further', async ({ page }) => {
  await open(page, {}, '/deploy/tunnels')
  await page.getByText('Advanced: addresses and MTU').click()
  await page.getByLabel('Private network').fill('10.100.3.0/24')
  await page.getByText('Advanced: addresses and MTU').click()
  await page.getByRole('button', { name: 'Continue to review' }).click()
  // The part that hides the field opens, and the field is where one types.
  await expect(page.getByLabel('Private network')).toBeFocused()
  await expect(page.getByText('10.100.3.0/24 overlaps the tunnels')).toBeVisible()
  await page.getByLabel('Private network').fill('10.201.0.0/24')
  await page.getByRole('button', { name: 'Continue to review' }).click()
  await expect(page.getByRole('table', { name: 'What will be made' })).toContainText('10.201.0.0/24')
})

test('a target that cannot be used says why and cannot be chosen', async ({ page }) => {
  await open(page, { targets: [LAB_RESTRICTED, AWS_WITHOUT_CREDENTIALS] }, '/deploy')
  await expect(page.getByRole('radio', { name: 'Local lab' })).toBeDisabled()
  await expect(page.getByText('sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Continue' })).toBeDisabled()
})

test('a refused act leaves the page as it was and shows the refusal', async ({ page }) => {
  const refusal = new MoleError('conflict', 'Another engine is writing.', { nextStep: 'Wait for it, then try again.' })
  await open(page, { refusals: { 'deployment.deploy': refusal } }, '/deploy/review')
  await page.getByRole('button', { name: 'Deploy now' }).click()
  await expect(page.getByRole('alert')).toContainText('Wait for it, then try again.')
  await expect(page.getByRole('button', { name: 'Deploy now' })).toBeEnabled()
})

test('a broken path shows in the card, the map and its row, and heals', async ({ page }) => {
  await open(page, { view: connected(), traffic: busy() })
  await page.getByRole('button', { name: 'Break path of tunnel 3' }).click()
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText('Degraded')
  await expect(page.getByRole('row').filter({ hasText: 'mole3' })).toContainText('Path broken')
  await expect(page.getByRole('img', { name: /^Tunnel map/ })).toHaveAccessibleName(/No answer over mole3/)
  await page.getByRole('button', { name: 'Heal path of tunnel 3' }).click()
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText('Connected')
})

test('the number of tunnels can be changed while they carry traffic', async ({ page }) => {
  await open(page, { view: connected(2), traffic: busy() })
  await page.getByRole('link', { name: 'Scale' }).click()
  await page.getByRole('group', { name: 'Number of tunnels' }).getByRole('radio', { name: '6' }).check()
  await page.getByRole('button', { name: 'Change to 6 tunnels' }).click()
  await expect(page.getByRole('button', { name: 'Change', exact: true })).toBeDisabled()
  await page.keyboard.press('Alt+1')
  await expect(page.getByRole('table', { name: 'Tunnels' }).getByRole('rowheader')).toHaveCount(6)
})

test('the chart and the map move with the goodput', async ({ page }) => {
  await open(page, { view: connected(), traffic: busy() })
  const band = page.locator('[data-part="area"][data-slot="4"]')
  await expect(band).toHaveAttribute('d', /^M/)
  const before = await band.getAttribute('d')
  await expect(band).not.toHaveAttribute('d', before ?? '')
  const flow = page.locator('[data-slot="1"] [data-part="flow"]')
  expect(Number(await flow.getAttribute('stroke-width'))).toBeGreaterThan(5)
  panel?.engine.traffic.set(IDLE_TRAFFIC)
  await expect.poll(async () => Number(await flow.getAttribute('stroke-width'))).toBeLessThan(3)
})

test('a rate that iperf3 no longer renews is not shown as this second’s', async ({ page }) => {
  await open(page, { view: connected(), traffic: busy(), isTrafficStuck: true })
  const traffic = page.getByRole('region', { name: 'Traffic' })
  await expect(traffic).toContainText('734')
  await expect(traffic).toContainText('iperf3 has said nothing for')
  await expect(traffic).not.toContainText('734')
})

test('the chart can be read with the arrow keys', async ({ page }) => {
  await open(page, { view: connected(), traffic: busy() })
  const slider = page.getByRole('slider', { name: 'Time shown in the throughput chart' })
  await slider.focus()
  await page.keyboard.press('Shift+ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await expect(slider).toHaveAttribute('aria-valuetext', '11 s ago')
  await expect(page.getByRole('region', { name: 'Throughput' })).toContainText('11 s ago')
  await page.keyboard.press('Escape')
  await expect(slider).toHaveAttribute('aria-valuetext', 'now')
})

test('a lost connection is told, and comes back by itself', async ({ page }) => {
  const { cut, engine } = await open(page, { view: connected(), events: someEvents() })
  await expect(page.getByRole('region', { name: 'Recent events' })).toContainText('The engine started.')
  cut()
  const banner = page.getByRole('alert').filter({ hasText: 'No connection to the engine' })
  await expect(banner).toBeVisible()
  await expect(banner).toBeHidden()
  engine.note('info', 'test.note', 'Said after the connection came back.')
  await expect(page.getByRole('region', { name: 'Recent events' })).toContainText(
    'Said after the connection came back.',
  )
})

test('an address opens the panel once; its tab may be reloaded', async ({ page, context }) => {
  const { link } = await startFakePanel().then((started) => {
    panel = started
    return started
  })
  const address = link()
  await page.goto(address)
  await expect(page.getByRole('heading', { name: 'Nothing is connected yet' })).toBeVisible()
  expect(page.url()).not.toContain('token')
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Nothing is connected yet' })).toBeVisible()

  const other = await context.newPage()
  await other.goto(address)
  await expect(other.getByRole('heading', { name: 'This address does not open the panel' })).toBeVisible()
  await expect(other.getByText('mole panel')).toBeVisible()
  await other.close()
})

test('a fresh address in a tab that was refused opens the panel there; in an open tab it changes nothing', async ({
  page,
}) => {
  panel = await startFakePanel()
  await page.goto(panel.link().replace(/#.*$/, ''))
  await expect(page.getByRole('heading', { name: 'Get a fresh address' })).toBeVisible()
  for (const attempt of ['first', 'second']) {
    await page.goto(panel.link())
    await expect(page.getByRole('heading', { name: 'Nothing is connected yet' }), attempt).toBeVisible()
    await expect(page).not.toHaveURL(/token/)
  }
})

test('without a token the page says how to get one', async ({ page }) => {
  panel = await startFakePanel()
  await page.goto(panel.link().replace(/#.*$/, ''))
  await expect(page.getByRole('heading', { name: 'Get a fresh address' })).toBeVisible()
})

test('what the cloud and the logs say is text, never HTML', async ({ page }) => {
  const hostile = '<img src=x onerror="document.title=\'owned\'"><b>bold</b>'
  const view = { ...connected(), problem: { ...keysProblem, message: hostile } }
  await open(page, { view, events: [{ id: 1, atMs: Date.now(), level: 'error', kind: 'test', text: hostile }] })
  await expect(page.getByText(hostile)).toHaveCount(2)
  expect(await page.locator('img[src="x"], main b').count()).toBe(0)
  expect(await page.title()).toBe('Overview – Cloud Mole')
})

test('before the engine has spoken the page keeps its shape', async ({ page }) => {
  await open(page, { isMute: true })
  await expect(page.getByRole('status', { name: 'Loading the overview' })).toBeVisible()
  await expect(page.getByText('Nothing is connected yet')).toBeHidden()
})

/** Every page in every state that looks different. */
const PAGES: Record<string, { scenario: () => Scenario; hash?: string; act?: (page: Page) => Promise<void> }> = {
  'overview, nothing deployed': { scenario: () => ({}) },
  'overview, connected': { scenario: () => ({ view: connected(8), traffic: busy(), events: someEvents() }) },
  'overview, degraded': { scenario: () => ({ view: withPath(connected(), 2, true), events: someEvents() }) },
  'overview, disconnecting?': {
    scenario: () => ({ view: connected() }),
    act: (page) => page.getByRole('button', { name: 'Disconnect' }).click(),
  },
  'deploy, target': { scenario: () => ({ targets: [LAB_TARGET, AWS_WITHOUT_CREDENTIALS] }), hash: '/deploy' },
  'deploy, tunnels': {
    scenario: () => ({}),
    hash: '/deploy/tunnels',
    act: (page) => page.getByText('Advanced: addresses and MTU').click(),
  },
  'deploy, review': { scenario: () => ({}), hash: '/deploy/review' },
  'deploy, progress': {
    scenario: () => ({ stallAt: 'await-keys' }),
    hash: '/deploy/review',
    act: (page) => page.getByRole('button', { name: 'Deploy now' }).click(),
  },
  'deploy, connected': { scenario: () => ({ view: connected() }), hash: '/deploy/connected' },
  activity: { scenario: () => ({ view: connected(), events: someEvents() }), hash: '/activity' },
  settings: { scenario: () => ({}), hash: '/settings' },
}

for (const [name, { scenario, hash, act }] of Object.entries(PAGES))
  test(`axe finds nothing: ${name}`, async ({ page }) => {
    await beginDark(page)
    await open(page, scenario(), hash)
    await act?.(page)
    await expectAccessibleInBothLooks(page)
  })
