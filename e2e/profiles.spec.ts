import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { keepPicture } from './support/look.ts'
import { type Home, lineOf, makeHome } from './support/mole.ts'
import { row, test } from './support/profile-pages.ts'

/**
 * The saved profiles in the panel, with the real product from making one to connecting it with one click; what is hard to
 * reach is in panel-profiles. With MOLE_SCREENSHOTS set to a directory, a picture of each page is kept.
 */

let home: Home | null = null
test.afterEach(async () => {
  await home?.remove()
  home = null
})

test('made in the panel, there after a restart, connected with one click', async ({ page }) => {
  test.setTimeout(180_000)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (/Content.Security.Policy/i.test(message.text())) complaints.push(message.text())
  })
  const here = makeHome()
  home = here
  const openPanel = async (): Promise<void> => {
    await page.goto(await lineOf(here.start('npm-start', ['--headless']), /http:\/\/127\.0\.0\.1:\S+/))
    await page.getByRole('navigation').getByRole('link', { name: 'Profiles' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Profiles' })).toBeVisible()
  }
  await page.setViewportSize({ width: 1440, height: 900 })
  await openPanel()
  await expect(page.getByText('No profiles yet')).toBeVisible()
  await keepPicture(page, 'profiles-none')
  await page.getByRole('region', { name: 'Saved profiles' }).getByRole('button', { name: 'New profile' }).click()
  const dialog = page.getByRole('dialog', { name: 'New profile' })
  await dialog.getByLabel('Name').fill('beamline-7')
  await dialog.getByLabel('Description').fill('Nightly transfers of beamline 7')
  await dialog.getByRole('combobox', { name: 'Extends' }).click()
  await page.getByRole('option', { name: /^research/ }).click()
  await dialog.getByRole('button', { name: 'Create and edit' }).click()

  await expect(page.getByRole('heading', { level: 1, name: 'beamline-7' })).toBeVisible()
  // What it extends holds where it is silent, and says where it comes from.
  await expect(page.getByLabel('MTU', { exact: true })).toHaveAttribute('placeholder', '1380')
  await expect(page.getByText('Inherited: 1380, from research.yaml')).toBeVisible()
  await page.getByLabel('Tunnels', { exact: true }).fill('3')
  await expect(page.getByRole('region', { name: 'What it makes' })).toContainText('3 tunnels')
  await keepPicture(page, 'profile-form')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  const file = join(here.directory, 'c', 'mole', 'profiles', 'beamline-7.yaml')
  expect(readFileSync(file, 'utf8')).toContain('tunnels: 3')

  await page.goto('about:blank')
  await here.stop()
  await openPanel()
  await row(page, 'beamline-7').getByRole('button', { name: 'Connect beamline-7' }).click()
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText('Connected')
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText('beamline-7')
  await expect(page.getByRole('table', { name: 'Tunnels' }).getByRole('rowheader')).toHaveCount(3)

  await page.getByRole('navigation').getByRole('link', { name: 'Profiles' }).click()
  await expect(row(page, 'beamline-7')).toContainText('Connected')
  await expect(row(page, 'beamline-7')).not.toContainText('never')
  await page.getByRole('button', { name: 'wg-quick files…' }).click()
  await expect(page.getByRole('dialog').getByText('mole export wg-quick --with-keys')).toBeVisible()
  const download = page.waitForEvent('download')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Download/ })
    .first()
    .click()
  const exported = readFileSync(await (await download).path(), 'utf8')
  expect(exported).toContain('[Interface]')
  expect(exported).not.toMatch(/^\s*PrivateKey/m)
  await page.keyboard.press('Escape')

  // Another program's write is seen without a click.
  writeFileSync(file, 'description: Moved to hall 3\n')
  await expect(row(page, 'beamline-7')).toContainText('Moved to hall 3')

  expect((await here.mole('create-profile', 'second', '--tunnels', '2')).code).toBe(0)
  await expect(row(page, 'second')).toContainText('2 tunnels')

  await page.getByRole('navigation').getByRole('link', { name: 'Overview' }).click()
  await page.getByRole('button', { name: 'Disconnect' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect now' }).click()
  await expect(page.getByRole('heading', { name: 'Ready to connect' })).toBeVisible()
  expect(complaints).toEqual([])
  await here.stop()
  expect(await here.leftovers()).toEqual([])
})
