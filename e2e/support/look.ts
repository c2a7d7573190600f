import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Keeps a picture of the page, where MOLE_SCREENSHOTS says. */
export const keepPicture = async (page: Page, name: string): Promise<void> => {
  const directory = process.env.MOLE_SCREENSHOTS
  if (directory === undefined) return
  mkdirSync(directory, { recursive: true })
  await page.waitForTimeout(400)
  await page.screenshot({ path: join(directory, `${name}.png`) })
}

/** The panel has no frames, and what passes is of no interest: looking into both takes axe more than half of its time. */
const axeOf = (page: Page): AxeBuilder =>
  new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode(true)

const expectNone = async (axe: AxeBuilder): Promise<void> => {
  const { violations } = await axe.analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
}

/** axe finds nothing at level AA. */
export const expectAccessible = async (page: Page): Promise<void> => {
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
  const axe = axeOf(page)
  axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
  // An open menu lies beside the landmarks of the page, not in one.
  if (await page.getByRole('menu').isVisible()) axe.disableRules('region')
  await expectNone(axe)
}

/** From here on the page is dark, and nothing moves. To be called before it is opened. */
export const beginDark = (page: Page): Promise<void> =>
  page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })

/**
 * axe finds nothing on the page, opened in the dark look (`beginDark`), and no colours too near each other in the light one: nothing
 * else differs between them. Keeps a picture of both where a name is given.
 */
export const expectAccessibleInBothLooks = async (page: Page, picture?: string): Promise<void> => {
  await expect(page.locator(':root')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await expectAccessible(page)
  if (picture !== undefined) await keepPicture(page, picture)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await expect(page.locator(':root')).toHaveAttribute('data-mantine-color-scheme', 'light')
  await expectNone(axeOf(page).withRules(['color-contrast']))
  if (picture !== undefined) await keepPicture(page, `${picture}-light`)
}
