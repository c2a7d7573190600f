import { expect, type Page, test } from '@playwright/test'
import { expectAccessible, keepPicture } from './support/look.ts'
import { type Home, lineOf, makeHome } from './support/mole.ts'

/**
 * A newcomer's first minutes with the real product: `npm start`, the wizard, real traffic over real tunnels in the lab,
 * and away again. With MOLE_SCREENSHOTS set to a directory, a picture of each page is kept there.
 */

let home: Home
test.beforeEach(() => {
  home = makeHome()
})
test.afterEach(() => home.remove())

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9 }

/** A rate as people read it, `712 Mbit/s`, in bits per second; `null` when there is none in the text. */
const parseRate = (text: string): number | null => {
  const [, number, unit = ''] = /([\d.]+)\s*([kMG]?)bit\/s/.exec(text) ?? []
  return number === undefined ? null : Number(number) * (UNITS[unit] ?? Number.NaN)
}

const shownGoodput = async (page: Page, direction: 'up' | 'down'): Promise<number> => {
  const numbers = await page.getByRole('region', { name: 'Numbers now' }).innerText()
  return parseRate(numbers.slice(numbers.search(new RegExp(`Goodput ${direction}`, 'i')))) ?? 0
}

/** What the panel shows, read every half second until traffic ends; the last of it is left out. */
const watchGoodput = async (page: Page, direction: 'up' | 'down'): Promise<number> => {
  const seen: number[] = []
  while (await page.getByRole('button', { name: 'Stop traffic' }).isVisible()) {
    seen.push(await shownGoodput(page, direction))
    await page.waitForTimeout(500)
  }
  const steady = seen.slice(0, -3)
  expect(steady.length, 'readings of the goodput shown').toBeGreaterThan(5)
  return steady.reduce((sum, rate) => sum + rate, 0) / steady.length
}

const openPanel = async (page: Page): Promise<void> => {
  const address = await lineOf(home.start('npm-start', ['--headless']), /http:\/\/127\.0\.0\.1:\S+/)
  await page.goto(address)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
}

test('from npm start to traffic over four tunnels, and away again', async ({ page }) => {
  test.setTimeout(180_000)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.setViewportSize({ width: 1440, height: 900 })
  await openPanel(page)
  await expect(page.getByRole('heading', { name: 'Nothing is connected yet' })).toBeVisible()
  await keepPicture(page, 'nothing-deployed')
  await page.getByRole('link', { name: 'Connect', exact: true }).click()

  await expect(page.getByRole('heading', { name: 'Where to?' })).toBeVisible()
  await page.getByRole('radio', { name: 'Local lab' }).check()
  await keepPicture(page, 'deploy-target')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('group', { name: 'Number of tunnels' }).getByRole('radio', { name: '4' }).check()
  await keepPicture(page, 'deploy-tunnels')
  await page.getByRole('button', { name: 'Continue to review' }).click()
  await expect(page.getByRole('table', { name: 'What will be made' })).toContainText('4 WireGuard tunnels')
  await keepPicture(page, 'deploy-review')
  await page.getByRole('button', { name: 'Deploy now' }).click()
  await expect(page.getByRole('heading', { name: 'What to do next' })).toBeVisible()
  await keepPicture(page, 'deploy-connected')
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Go to Overview' }).click()
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText('Connected')
  await expect(page.getByRole('table', { name: 'Tunnels' }).getByRole('rowheader')).toHaveCount(4)

  const flows = page.locator('[data-part="flow"]')
  const widths = () => flows.evaluateAll((paths) => paths.map((path) => path.getAttribute('stroke-width')))
  const chart = () =>
    page.locator('[data-part="area"]').evaluateAll((paths) => paths.map((path) => path.getAttribute('d')))
  const [idleWidths, idleChart] = [await widths(), await chart()]

  await page.getByLabel('Streams').fill('8')
  await page.getByLabel('Duration').fill('30')
  await page.getByLabel('Streams').locator('xpath=ancestor::form').getByText('Download', { exact: true }).click()
  await page.getByRole('button', { name: 'Start traffic' }).click()
  await expect(page.getByRole('button', { name: 'Stop traffic' })).toBeVisible()
  await expect.poll(() => shownGoodput(page, 'down')).toBeGreaterThan(100_000_000)
  expect(await widths(), 'the map moves').not.toEqual(idleWidths)
  expect(await chart(), 'the chart moves').not.toEqual(idleChart)
  await page.waitForTimeout(4000)
  await keepPicture(page, 'overview')
  const shown = await watchGoodput(page, 'down')
  const report = page.getByRole('region', { name: 'Last iperf3 report' })
  await expect(report).toContainText('Measured by iperf3')
  const measured = parseRate(await report.innerText()) ?? Number.NaN
  test
    .info()
    .annotations.push({ type: 'goodput', description: `shown ${shown / 1e6}, iperf3 ${measured / 1e6} Mbit/s` })
  expect(Math.abs(shown / measured - 1), `shown ${shown}, iperf3 ${measured}`).toBeLessThan(0.1)
  await expectAccessible(page)

  for (const [name, picture] of [
    ['Activity', 'activity'],
    ['Settings', 'settings'],
  ] as const) {
    await page.getByRole('navigation').getByRole('link', { name }).click()
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
    await page.waitForTimeout(300)
    await keepPicture(page, picture)
    await expectAccessible(page)
  }

  await page.getByRole('navigation').getByRole('link', { name: 'Overview' }).click()
  await page.getByRole('button', { name: 'Disconnect' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect now' }).click()
  await expect(page.getByRole('heading', { name: 'Nothing is connected yet' })).toBeVisible()
  expect(complaints).toEqual([])
  await home.stop()
  expect(await home.leftovers()).toEqual([])
})

test('a path broken in the panel is shown as silent, and mends', async ({ page }) => {
  await openPanel(page)
  await page.evaluate(() => location.assign('#/deploy/review'))
  await page.getByRole('button', { name: 'Deploy now' }).click()
  await page.getByRole('link', { name: 'Go to Overview' }).click()
  await page.getByRole('button', { name: 'Break path of tunnel 2' }).click()
  const map = page.getByRole('img', { name: /^Tunnel map/ })
  await expect(map).toHaveAccessibleName(/No answer over mole2/)
  await expect(page.getByRole('table', { name: 'Tunnels' })).toContainText('Path broken')
  await page.getByRole('button', { name: 'Heal path of tunnel 2' }).click()
  await expect(map).not.toHaveAccessibleName(/No answer/)
})
