import { expect, type Page, test } from '@playwright/test'
import { MoleError } from '../contract/errors.ts'
import { LAB_RESTRICTED, LAB_TARGET } from './support/fake-answers.ts'
import type { Scenario } from './support/fake-engine.ts'
import { type FakePanel, startFakePanel } from './support/fake-panel.ts'
import { connectedView, planOf } from './support/fake-views.ts'

/** What single controls of the panel do with a refusal, with an empty field, and at the edges of their range. */

let panel: FakePanel | null = null

test.afterEach(async () => {
  await panel?.close()
  panel = null
})

const open = async (page: Page, scenario: Scenario): Promise<FakePanel> => {
  panel = await startFakePanel(scenario)
  await page.goto(panel.link())
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  return panel
}

const connected = (tunnels = 4) => connectedView(planOf(tunnels), Date.now())
const refusal = new MoleError('conflict', 'Another engine is writing.', { nextStep: 'Wait for it, then try again.' })

const deployFromOverview = async (page: Page): Promise<void> => {
  await page.evaluate(() => location.assign('#/deploy/review'))
  await page.getByRole('button', { name: 'Deploy now' }).click()
  await expect(page.getByRole('button', { name: 'Cancel and roll back' })).toBeVisible()
  await page.evaluate(() => location.assign('#/'))
}

test('a cancellation that is refused says so on the overview too', async ({ page }) => {
  await open(page, { stallAt: 'await-keys', refusals: { 'deployment.cancel': refusal } })
  await deployFromOverview(page)
  await page.getByRole('button', { name: 'Cancel and roll back' }).click()
  await expect(page.getByRole('alert')).toContainText('Another engine is writing.')
})

test('what is being rolled back cannot be cancelled once more on the overview', async ({ page }) => {
  await open(page, { stallAt: 'await-keys', stepMs: 1500 })
  await deployFromOverview(page)
  const cancel = page.getByRole('button', { name: 'Cancel and roll back' })
  await cancel.click()
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText('Disconnecting')
  await expect(cancel).toBeDisabled()
})

test('a number of the traffic form can be emptied and typed anew', async ({ page }) => {
  const { engine } = await open(page, { view: connected() })
  const streams = page.getByLabel('Streams')
  await streams.press('ControlOrMeta+a')
  await streams.press('Backspace')
  await expect(streams).toHaveValue('')
  await page.getByRole('button', { name: 'Start traffic' }).click()
  await expect(streams).toBeFocused()
  expect(engine.traffic.get().running).toBe(false)
  await streams.pressSequentially('12')
  await expect(streams).toHaveValue('12')
  await page.getByRole('button', { name: 'Start traffic' }).click()
  await expect(page.getByText('12 streams, upload')).toBeVisible()
})

test('a change of number that was refused is not held against the next one', async ({ page }) => {
  await open(page, { view: connected(), refusals: { 'deployment.scale': refusal } })
  await page.getByRole('link', { name: 'Scale' }).click()
  const numbers = page.getByRole('group', { name: 'Number of tunnels' })
  await numbers.getByRole('radio', { name: '6' }).check()
  await page.getByRole('button', { name: 'Change to 6 tunnels' }).click()
  await expect(page.getByRole('alert')).toContainText('Another engine is writing.')
  await numbers.getByRole('radio', { name: '5' }).check()
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('a disconnection that was refused is not held against the next one', async ({ page }) => {
  await open(page, { view: connected(), refusals: { 'deployment.teardown': refusal } })
  const disconnect = page.getByRole('button', { name: 'Disconnect', exact: true })
  await disconnect.click()
  await page.getByRole('button', { name: 'Disconnect now' }).click()
  await expect(page.getByRole('alert')).toContainText('Another engine is writing.')
  await page.getByRole('button', { name: 'Keep connected' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await disconnect.click()
  await expect(page.getByRole('button', { name: 'Disconnect now' })).toBeVisible()
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('the map of one tunnel speaks of one tunnel', async ({ page }) => {
  await open(page, { view: connected(1) })
  await expect(page.getByRole('img', { name: /over 1 tunnel,/ })).toBeVisible()
})

test('cancelling a change of a living deployment does not promise to take it back', async ({ page }) => {
  await open(page, { view: connected(), stallAt: 'verify' })
  await page.getByRole('link', { name: 'Scale' }).click()
  await page.getByRole('group', { name: 'Number of tunnels' }).getByRole('radio', { name: '6' }).check()
  await page.getByRole('button', { name: 'Change to 6 tunnels' }).click()
  // The page of its steps is there once it has begun.
  await expect(page.getByRole('link', { name: 'Show steps' })).toBeVisible()
  await page.evaluate(() => location.assign('#/deploy/progress'))
  await expect(page.getByRole('button', { name: 'Cancel', exact: true })).toBeVisible()
  await expect(page.getByText('roll back')).toHaveCount(0)
})

test('while it is disconnected the wizard says so, and offers no start that would lead nowhere', async ({ page }) => {
  await open(page, { view: connected(), stepMs: 1500 })
  await page.getByRole('button', { name: 'Disconnect', exact: true }).click()
  await page.getByRole('button', { name: 'Disconnect now' }).click()
  await page.evaluate(() => location.assign('#/deploy'))
  await expect(page.getByRole('region', { name: 'Disconnecting' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Start one' })).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'Where to?' })).toBeVisible()
})

test('the plan that failed is the one to change, also after a reload', async ({ page }) => {
  const problem = { code: 'timeout' as const, message: 'No echo.', data: {} }
  await open(page, { failAt: { step: 'verify', problem }, stepMs: 20 })
  await page.evaluate(() => location.assign('#/deploy/tunnels'))
  await page.getByRole('group', { name: 'Number of tunnels' }).getByRole('radio', { name: '7' }).check()
  await page.getByRole('button', { name: 'Continue to review' }).click()
  await page.getByRole('button', { name: 'Deploy now' }).click()
  await expect(page.getByRole('heading', { name: 'That did not work' })).toBeVisible()
  await page.reload()
  await page.getByRole('link', { name: 'Change the plan' }).click()
  await expect(page.getByRole('group', { name: 'Number of tunnels' }).getByRole('radio', { name: '7' })).toBeChecked()
})

test('a target that was mended meanwhile can be chosen as soon as the wizard is opened again', async ({ page }) => {
  let targets = [LAB_RESTRICTED]
  await open(page, {
    get targets() {
      return targets
    },
  })
  await page.evaluate(() => location.assign('#/deploy'))
  await expect(page.getByRole('radio', { name: 'Local lab' })).toBeDisabled()
  targets = [LAB_TARGET]
  await page.evaluate(() => location.assign('#/settings'))
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible()
  await page.evaluate(() => location.assign('#/deploy'))
  await expect(page.getByRole('radio', { name: 'Local lab' })).toBeEnabled()
})
