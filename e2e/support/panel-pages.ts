import { test as base, expect } from '@playwright/test'
import type { DeploymentView, TrafficState } from '../../contract/app.ts'
import type { Scenario } from './fake-engine.ts'
import { type FakePanel, startFakePanel } from './fake-panel.ts'
import { connectedView, IDLE_TRAFFIC, planOf } from './fake-views.ts'

type Open = (hash: string, scenario?: Scenario) => Promise<FakePanel>

/** A test that can open a page of the panel before an engine of cardboard; nothing may complain meanwhile. */
export const test = base.extend<{ open: Open }>({
  open: async ({ page }, use) => {
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    const panels: FakePanel[] = []
    await use(async (hash, scenario = {}) => {
      const panel = await startFakePanel(scenario)
      panels.push(panel)
      await page.goto(panel.link())
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      if (hash !== '/') await page.evaluate((to) => location.assign(`#${to}`), hash)
      await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
      return panel
    })
    for (const panel of panels) await panel.close()
    expect(complaints).toEqual([])
  },
})

/** A deployment of so many tunnels in the lab. */
export const connected = (tunnels = 4): DeploymentView => connectedView(planOf(tunnels), Date.now())

/** Eight streams under way. */
export const busy = (bitsPerSecond = 480_000_000): TrafficState => ({
  ...IDLE_TRAFFIC,
  running: true,
  streams: 8,
  direction: 'upload',
  startedAtMs: Date.now() - 12_000,
  latestBitsPerSecond: bitsPerSecond,
})
