import { expect } from '@playwright/test'
import { MoleError } from '../contract/errors.ts'
import { busy, connected, test } from './support/panel-pages.ts'

/** What rides the tunnels, and how it is carried. */

test('connections are told with their tunnel and limit, elephants are marked, and the order is the person’s', async ({
  page,
  open,
}) => {
  await open('/flows', { view: connected(), traffic: busy() })
  const table = page.getByRole('table', { name: 'Connections' })
  await expect(table.getByRole('rowheader')).toHaveCount(10)
  const first = table.getByRole('row').nth(1)
  await expect(first).toContainText('elephant')
  await expect(first).toContainText(/mole[1-4]/)
  await expect(table).toContainText('The receiver’s window: it was full for 71 % of the time.')
  await expect(page.getByText(/^10 connections, .*, 8 elephants$/)).toBeVisible()

  await table.getByRole('button', { name: 'Down' }).click()
  await expect(table.getByRole('columnheader', { name: 'Down' })).toHaveAttribute('aria-sort', 'descending')
  await expect(first).toContainText('10.200.0.10:443')
})

test('the table is renewed each second while its page is shown, and no longer', async ({ page, open }) => {
  const { engine } = await open('/flows', { view: connected(), traffic: busy() })
  const moved = page.getByRole('table', { name: 'Connections' }).getByRole('row').nth(1).getByRole('cell').nth(3)
  const before = await moved.textContent()
  await expect(moved).not.toHaveText(before ?? '')
  expect(engine.carriage.followers.flows.now).toBe(1)
  expect(engine.carriage.followers.host.now).toBe(0)
  await page.keyboard.press('Alt+4')
  await expect(page.getByRole('heading', { name: 'Tuning' })).toBeVisible()
  await expect.poll(() => [engine.carriage.followers.flows.now, engine.carriage.followers.host.now]).toEqual([0, 1])
  await page.keyboard.press('Alt+1')
  await expect.poll(() => engine.carriage.followers.host.now).toBe(0)
})

test('Multipath TCP is switched on; its connection has its subflows below it, and what is in force is said', async ({
  page,
  open,
}) => {
  const { engine } = await open('/flows', { view: connected(), stepMs: 20 })
  await page.getByRole('switch', { name: 'Multipath TCP One connection' }).click()
  await page.getByText('Adaptive', { exact: true }).click()
  await page.getByRole('switch', { name: 'Relay for ordinary TCP' }).click()
  await page.getByText('Kernel’s hash', { exact: true }).click()
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect
    .poll(() => engine.view.get().plan?.carriage)
    .toMatchObject({ spread: 'hash', mptcp: { strategy: 'adaptive' }, relay: true, rotationSeconds: 86_400 })
  const table = page.getByRole('table', { name: 'Connections' })
  await expect(table.getByRole('row', { name: /Multipath TCP/ })).toContainText('4 subflows')
  await expect(table.getByRole('row', { name: /10\.100\.4\.1/ })).toContainText('in reserve')
  await expect(page.getByText(/^Asked for: adaptive\. The kernel’s default scheduler/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Apply' })).toBeDisabled()
})

test('how soon a tunnel is dead is judged by the field; a refusal is told and nothing is lost', async ({
  page,
  open,
}) => {
  const refusal = new MoleError('helper-unreachable', 'The helper does not answer.')
  await open('/flows', { view: connected(), refusals: { 'deployment.adjust': refusal } })
  const probe = page.getByRole('textbox', { name: 'Probe every' })
  await probe.fill('10')
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(probe).toBeFocused()
  await expect(page.getByText('Must be from 50 to 10 000 ms.')).toBeVisible()
  await probe.fill('200')
  await expect(page.getByText('nothing comes back for 600 ms leaves the route')).toBeVisible()
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByRole('alert')).toContainText('The helper does not answer.')
  await expect(probe).toHaveValue('200 ms')
})

test('a page of what is up says what to do while nothing is', async ({ page, open }) => {
  await open('/flows')
  await expect(page.getByText('Nothing is connected')).toBeVisible()
  await page.getByRole('link', { name: 'Connect', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Where to?' })).toBeVisible()
})

test('a stream that fails says why, and comes back by itself', async ({ page, open }) => {
  let isBroken = true
  const { engine } = await open('/', { view: connected(), traffic: busy() })
  const { 'flows.watch': watch } = engine.handlers
  Object.assign(engine.handlers, {
    'flows.watch': (...given: Parameters<typeof watch>) => {
      if (isBroken) throw new MoleError('helper-unreachable', 'The helper does not answer.')
      return watch(...given)
    },
  })
  await page.keyboard.press('Alt+3')
  await expect(page.getByRole('alert')).toContainText('The helper does not answer.')
  isBroken = false
  await expect(page.getByRole('table', { name: 'Connections' })).toBeVisible()
  await expect(page.getByRole('alert')).toHaveCount(0)
})
