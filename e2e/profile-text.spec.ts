import { expect } from '@playwright/test'
import { addLines, showText, test } from './support/profile-pages.ts'

/** A profile as text: what a person expects of an editor beyond typing. The engine is of cardboard. */

test('the key at the cursor is explained, with what holds and who says so', async ({ page, open }) => {
  await open('/profiles/beamline-7')
  await showText(page)
  const note = page.getByRole('region', { name: 'At the cursor' })
  await addLines(page, 'tunnel:\n  mtu: 1400\n')
  await page.keyboard.press('ArrowUp')
  await expect(note.getByRole('heading', { name: 'tunnel.mtu' })).toBeVisible()
  await expect(note).toContainText('1400, set here')
  await expect(note).toContainText('MOLE_TUNNEL_MTU')
  await page.keyboard.press('ArrowUp')
  await expect(note.getByRole('heading', { name: 'tunnel', exact: true })).toBeVisible()
  await page.keyboard.press('Control+End')
  await page.keyboard.insertText('optimization:\n  enable_sriov: true')
  await expect(note).toContainText('Not in force in this version')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Home')
  await page.keyboard.press('Shift+End')
  await page.keyboard.press('Delete')
  await expect(note).toContainText('Put the cursor on a key')
})

test('a word is found, and the next, and none', async ({ page, open }) => {
  await open('/profiles/dtn')
  const editor = await showText(page)
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('Control+f')
  const field = page.getByRole('textbox', { name: 'Find in the text' })
  const count = page.getByRole('search').getByRole('status')
  await expect(field).toBeFocused()
  await page.keyboard.type('TN')
  await expect(count).toHaveText('1 of 1')
  await field.fill('n')
  await expect(count).toHaveText('2 of 7')
  await page.keyboard.press('Enter')
  await expect(count).toHaveText('3 of 7')
  for (const _ of [2, 1, 7]) await page.keyboard.press('Shift+Enter')
  await expect(count).toHaveText('7 of 7')
  await field.fill('nowhere')
  await expect(count).toHaveText('not found')
  await field.fill('vlan')
  await page.keyboard.press('Escape')
  await expect(field).toBeHidden()
  await expect(editor).toBeFocused()
  // What was found is selected: it is what is written over.
  await page.keyboard.insertText('bridge')
  await expect(editor).toContainText('# bridge on the way')
})

test('what the form changed is undone in the text, and the history outlives a look at the form', async ({
  page,
  open,
}) => {
  await open('/profiles/dtn')
  const editor = await showText(page)
  await addLines(page, '# mine\n')
  await page.getByRole('tab', { name: 'Form' }).click()
  await page.getByLabel('MTU', { exact: true }).fill('1400')
  await showText(page)
  await expect(editor).toContainText('mtu: 1400')
  await page.keyboard.press('Control+z')
  await expect(editor).toContainText('mtu: 1380')
  await expect(editor).toContainText('# mine')
  await page.keyboard.press('Control+z')
  await expect(editor).not.toContainText('# mine')
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
})

test('the line ends of a text stay as they are', async ({ page, open }) => {
  const { engine } = await open('/profiles/hall-3', {
    profiles: { 'hall-3': 'description: Hall 3\r\ntunnel:\r\n  mtu: 1400\r\n' },
  })
  await showText(page)
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  await addLines(page, '  min_tunnels: 2\n')
  await page.keyboard.type('mpt')
  await page.getByRole('option', { name: /mptcp/ }).waitFor()
  await page.waitForTimeout(200)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await page.keyboard.type('enable: true')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+s')
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  expect(engine.profiles.textOf('hall-3')).toBe(
    'description: Hall 3\r\ntunnel:\r\n  mtu: 1400\r\n  min_tunnels: 2\r\nmptcp:\r\n  enable: true',
  )
})
