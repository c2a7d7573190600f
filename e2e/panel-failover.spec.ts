import { expect, type Page } from '@playwright/test'
import { awsPlanOf, awsView } from './support/fake-aws-views.ts'
import { withLoss, withPath } from './support/fake-views.ts'
import { busy, connected, test } from './support/panel-pages.ts'

/** Failover as it happens: on the map, in the table; and what can be done to a tunnel's path and keys. */

const line = (page: Page, slot: number) => page.locator(`[data-carrying][data-slot="${slot}"]`)
const flowWidth = async (page: Page, slot: number): Promise<number> =>
  Number(await line(page, slot).locator('[data-part="flow"]').getAttribute('stroke-width'))

test('a dead tunnel leaves the route, the others take its share, and it comes back', async ({ page, open }) => {
  await open('/', { view: connected(), traffic: busy(360_000_000) })
  await expect.poll(() => flowWidth(page, 1)).toBeGreaterThan(5)
  const before = await flowWidth(page, 1)
  await page.getByRole('button', { name: 'Break path of tunnel 3' }).click()
  await expect(line(page, 3)).toHaveAttribute('data-carrying', 'out')
  await expect(page.getByRole('status').filter({ hasText: 'mole3 is out of the route' })).toContainText(
    'the other 3 carry the traffic',
  )
  await expect(page.getByRole('row').filter({ hasText: 'mole3' })).toContainText('out of the route')
  await expect.poll(() => flowWidth(page, 1)).toBeGreaterThan(before * 1.08)
  expect(await flowWidth(page, 3)).toBe(0)
  await page.getByRole('button', { name: 'Heal path of tunnel 3' }).click()
  await expect(line(page, 3)).toHaveAttribute('data-carrying', 'carries')
  await expect(page.getByText('out of the route')).toHaveCount(0)
})

test('loss is drawn otherwise than health and than death, not by colour alone', async ({ page, open }) => {
  await open('/', { view: withPath(withLoss(connected(), [2]), 3, true), traffic: busy() })
  const dashes = (slot: number) =>
    line(page, slot)
      .locator('[data-part="flow"]')
      .evaluate((path) => getComputedStyle(path).strokeDasharray)
  expect(new Set(await Promise.all([dashes(1), dashes(2)])).size).toBe(2)
  await expect(page.getByRole('row').filter({ hasText: 'mole2' })).toContainText('Degraded')
  await expect(page.getByRole('img', { name: /^Tunnel map/ })).toHaveAccessibleName(
    /No answer over mole3\. Packets are lost over mole2\./,
  )
})

test('when no tunnel answers there is an alarm, and it says that nothing goes another way', async ({ page, open }) => {
  const { engine } = await open('/', { view: connected(2) })
  for (const slot of [1, 2]) engine.view.set(withPath(engine.view.get(), slot, true))
  await expect(page.getByRole('alert').filter({ hasText: 'No tunnel answers' })).toContainText(
    'traffic to 10.200.0.0/24 is held here and goes no other way',
  )
})

test('labels of twelve tunnels over four bastions cover nothing and are covered by nothing', async ({ page, open }) => {
  await open('/', { view: awsView(awsPlanOf({ bastions: 4, tunnels: 12 }), Date.now()), traffic: busy() })
  const labels = page
    .getByRole('img', { name: /^Tunnel map/ })
    .locator('g[transform]:has(> text:text-matches("^mole"))')
  await expect(labels).toHaveCount(12)
  for (const width of [1280, 1024, 1600]) {
    await page.setViewportSize({ width, height: 900 })
    const boxes = await labels.evaluateAll((all) =>
      all.map((label) => {
        const { x, y, width: w, height: h } = label.getBoundingClientRect()
        const [name, rate] = [...label.querySelectorAll('text')].map((text) => text.getBoundingClientRect())
        // What is on top at the label's own swatch, and in its middle.
        const onTop = [x + 12, x + w / 2].every((at) => label.contains(document.elementFromPoint(at, y + h / 2)))
        return { x, y, right: x + w, bottom: y + h, onTop, isClear: (name?.right ?? 0) < (rate?.left ?? 0) }
      }),
    )
    for (const [at, box] of boxes.entries()) {
      expect(box).toMatchObject({ onTop: true, isClear: true })
      for (const other of boxes.slice(at + 1))
        expect(box.bottom <= other.y || other.bottom <= box.y || box.right <= other.x || other.right <= box.x).toBe(
          true,
        )
    }
  }
})

test('keys say their age and are renewed, all or one, or on another schedule', async ({ page, open }) => {
  const { engine } = await open('/', { view: connected(2), stepMs: 20 })
  const row = (slot: number) => page.getByRole('row').filter({ hasText: `mole${slot}` })
  await expect(row(1)).toContainText(/3 h 0\d min/)
  await page.getByRole('button', { name: 'New keys for tunnel 2 now' }).click()
  await expect(row(2)).toContainText('under 1 min')
  await expect(row(1)).toContainText(/3 h 0\d min/)

  await page.getByRole('button', { name: 'Keys', exact: true }).click()
  await expect(page.getByText(/^The oldest keys are 3 h 0\d min old\./)).toBeVisible()
  await page.getByRole('button', { name: 'Rotate all now' }).click()
  await expect(row(1)).toContainText('under 1 min')
  await page.getByRole('textbox', { name: 'New keys every' }).fill('12')
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect.poll(() => engine.view.get().plan?.carriage.rotationSeconds).toBe(43_200)
  expect(engine.view.get().plan?.carriage.spread).toBe('round-robin')
})

test('in the lab a path can lose packets and take its time', async ({ page, open }) => {
  const { engine } = await open('/', { view: connected(2) })
  const condition = page.getByRole('button', { name: / on the path of tunnel 2$/ })
  await condition.click()
  await page.getByRole('textbox', { name: 'Loss' }).fill('120')
  await expect(page.getByText('From 0 to 100 %.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Set', exact: true })).toBeDisabled()
  await page.getByRole('textbox', { name: 'Loss' }).fill('20')
  await page.getByRole('textbox', { name: 'Delay' }).fill('30')
  await page.getByRole('button', { name: 'Set', exact: true }).click()
  await expect(condition).toContainText('20 %, 30 ms')
  expect(engine.carriage.conditions.get(2)).toEqual({ lossRatio: 0.2, delayMs: 30 })
  await condition.click()
  await page.getByRole('button', { name: 'Reset' }).click()
  await expect(condition).not.toContainText('%')
  expect(engine.carriage.conditions.get(2)).toEqual({ lossRatio: 0, delayMs: 0 })
})

test('the wizard offers how traffic is carried, and deploys what was chosen', async ({ page, open }) => {
  const { engine } = await open('/deploy/tunnels', { stepMs: 20 })
  await page.getByText('Advanced: how traffic is carried').click()
  await page.getByText('Kernel’s hash', { exact: true }).click()
  await page.getByRole('switch', { name: 'Multipath TCP One connection' }).click()
  await page.getByRole('switch', { name: 'Autoscaling' }).click()
  await page.getByRole('button', { name: 'Continue to review' }).click()
  await expect(page.getByRole('region', { name: 'Plan' })).toContainText('by the kernel’s hash, Multipath TCP')
  await expect(page.getByRole('region', { name: 'Plan' })).toContainText('by the load')
  await page.getByRole('button', { name: 'Deploy now' }).click()
  await expect(page.getByRole('heading', { name: 'What to do next' })).toBeVisible()
  expect(engine.view.get().plan).toMatchObject({
    carriage: { spread: 'hash', mptcp: { strategy: 'roundrobin' }, relay: false },
    autoscale: { enabled: true },
  })
})
