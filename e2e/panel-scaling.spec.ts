import { expect } from '@playwright/test'
import { MoleError } from '../contract/errors.ts'
import { awsPlanOf, awsView } from './support/fake-aws-views.ts'
import { someDecisions, withAutoscale } from './support/fake-scaling.ts'
import { busy, connected, test } from './support/panel-pages.ts'

/** The size by hand, with what it will do; and by the load, with its reasons. */

const refusal = new MoleError('conflict', 'Another engine is writing.', { nextStep: 'Wait for it, then try again.' })

test('a change of size is predicted before it is made, from what was measured', async ({ page, open }) => {
  const { engine } = await open('/scaling', { view: connected(2), stepMs: 20 })
  const effect = page.getByRole('region', { name: 'What it will do' })
  await expect(
    effect
      .getByRole('row', { name: /^Goodput/ })
      .getByRole('cell')
      .first(),
  ).toHaveText(/^\d+ – 368 Mbit\/s$/)
  await expect(effect).toContainText('Measured')
  await expect(page.getByRole('button', { name: 'Change', exact: true })).toBeDisabled()

  await page.getByRole('group', { name: 'Number of tunnels' }).getByRole('radio', { name: '4' }).check()
  await expect(
    effect
      .getByRole('row', { name: /^Goodput/ })
      .getByRole('cell')
      .last(),
  ).toHaveText(/^\d+ – 736 Mbit\/s$/)
  await expect(page.getByRole('list', { name: 'What happens' }).getByRole('listitem')).toHaveText([
    'mole3 and mole4 are added.',
    'The other 2 tunnels keep running meanwhile.',
  ])
  await page.getByRole('button', { name: 'Change to 4 tunnels' }).click()
  await expect.poll(() => engine.view.get().tunnels.length).toBe(4)
  await expect(effect.getByRole('row', { name: /^Tunnels/ }).getByRole('cell')).toHaveText(['4', '4'])
})

test('what was not measured is said to be estimated in the lab, and not to be known in the cloud', async ({
  page,
  open,
}) => {
  const unmeasured = { capacityPerTunnelBitsPerSecond: null, utilisation: null, capacityOrigin: '' }
  const { engine } = await open('/scaling', { view: connected(2), autoscale: unmeasured })
  const effect = page.getByRole('region', { name: 'What it will do' })
  await expect(effect).toContainText('Estimated')
  await expect(page.getByText('What one tunnel carries is not known yet')).toBeVisible()
  engine.view.set(awsView(awsPlanOf({ bastions: 2, tunnels: 8 }), Date.now()))
  await expect(effect).toContainText('Not known')
  await expect(effect.getByRole('row', { name: /^Goodput/ }).getByRole('cell')).toHaveText(['not known', 'not known'])
})

test('autoscaling is switched on, and its thresholds are judged by the field', async ({ page, open }) => {
  const { engine } = await open('/scaling', { view: connected(), stepMs: 20 })
  await page.getByRole('switch', { name: 'Change the number of tunnels by the load' }).click()
  await expect.poll(() => engine.view.get().plan?.autoscale.enabled).toBe(true)
  await expect(page.getByRole('switch', { name: 'Change the number of tunnels by the load' })).toBeChecked()

  const below = page.getByRole('textbox', { name: 'Remove below' })
  await below.fill('85')
  await page.getByRole('button', { name: 'Apply thresholds' }).click()
  await expect(below).toBeFocused()
  await expect(page.getByText('Must be below the 80 % at which tunnels are added.')).toBeVisible()
  expect(engine.view.get().plan?.autoscale.downThreshold).toBe(0.3)

  await below.fill('25')
  await page.getByRole('textbox', { name: 'Wait after a step down' }).fill('15')
  await page.getByRole('button', { name: 'Apply thresholds' }).click()
  await expect
    .poll(() => engine.view.get().plan?.autoscale)
    .toMatchObject({ enabled: true, upThreshold: 0.8, downThreshold: 0.25, downCooldownMs: 900_000 })
  // The chart follows.
  await expect(page.getByRole('img', { name: /^Utilisation over ten minutes/ })).toHaveAccessibleName(
    /one less below 25 %/,
  )
})

test('a refusal of the switch is told, and the switch stays as it is', async ({ page, open }) => {
  await open('/scaling', { view: connected(), refusals: { 'deployment.adjust': refusal } })
  const control = page.getByRole('switch', { name: 'Change the number of tunnels by the load' })
  await control.click()
  await expect(page.getByRole('alert')).toContainText('Another engine is writing.')
  await expect(control).not.toBeChecked()
})

test('utilisation is drawn live, waits count down, and decisions give their reasons', async ({ page, open }) => {
  const decisions = someDecisions(Date.now())
  await open('/scaling', { view: withAutoscale(connected()), traffic: busy(), autoscale: { decisions } })
  const line = page.getByTestId('utilisation-line').locator('path').last()
  await expect(line).toHaveAttribute('d', /^M/)
  const before = await line.getAttribute('d')
  const clock = page.getByText('A step up is allowed').locator('xpath=following-sibling::dd')
  const waited = await clock.textContent()
  await expect(line).not.toHaveAttribute('d', before ?? '')
  await expect(clock).not.toHaveText(waited ?? '')

  const list = page.getByRole('list', { name: 'Decisions, newest first' }).getByRole('listitem')
  await expect(list).toHaveCount(decisions.filter(({ action }) => action !== 'hold').length)
  await expect(list.first()).toContainText('More: 3 → 4 tunnels')
  await expect(list.first()).toContainText('Goodput rose from 474 to 662 Mbit/s.')
  await expect(list.nth(1)).toContainText('Taken back: 4 → 3 tunnels')
  await page.getByRole('switch', { name: 'Also where nothing changed' }).click()
  await expect(list).toHaveCount(decisions.length)
})
