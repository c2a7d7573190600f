import { test as base, expect, type Locator, type Page } from '@playwright/test'
import type { Scenario } from './fake-engine.ts'
import { type FakePanel, startFakePanel } from './fake-panel.ts'

export const PROFILES = {
  'beamline-7': 'description: Nightly transfers of beamline 7\nlab:\n  path_rate: "500M"\n',
  dtn: 'extends: dtn\n\n# Agreed with the network group, March\ntunnel:\n  mtu: 1380  # VLAN on the way\n',
  'home-office': 'description: Over the cable at home\ntunnel:\n  mtuu: 1400\n',
}

type Open = (hash?: string, scenario?: Scenario) => Promise<FakePanel>

/** A test that can open a page of the panel with saved profiles, and an engine of cardboard behind it. */
export const test = base.extend<{ open: Open }>({
  open: async ({ page }, use) => {
    const panels: FakePanel[] = []
    await use(async (hash = '/profiles', scenario = {}) => {
      const panel = await startFakePanel({ profiles: PROFILES, ...scenario })
      panels.push(panel)
      await page.goto(panel.link())
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await page.evaluate((to) => location.assign(`#${to}`), hash)
      await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
      return panel
    })
    for (const panel of panels) await panel.close()
  },
})

/** Shows a profile as text, with the cursor in it. */
export const showText = async (page: Page): Promise<Locator> => {
  await page.getByRole('tab', { name: 'YAML' }).click()
  const editor = page.getByRole('textbox', { name: 'Profile as YAML' })
  await editor.click()
  return editor
}

export const addLines = async (page: Page, text: string): Promise<void> => {
  await page.keyboard.press('Control+End')
  await page.keyboard.insertText(text)
}

/** A profile's row in the list. */
export const row = (page: Page, name: string): Locator =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) })
