import { fileURLToPath } from 'node:url'
import { defineConfig } from '@playwright/test'
import { findChromium } from './scripts/setup/chromium.mjs'

const executablePath = findChromium()

/** Before a stand-in for the engine, each on a port of its own. */
const PANEL = '**/panel-*.spec.ts'
/** About texts and answers: nothing in them is measured. */
const ANSWERS = ['**/bad-input.spec.ts', '**/profile-text.spec.ts', '**/profiles-command.spec.ts']

/** Where screenshots and reports go; elsewhere when the clone belongs to another user. */
const artifacts = process.env.MOLE_ARTIFACTS ?? fileURLToPath(new URL('.artifacts', import.meta.url))

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: `${artifacts}/e2e`,
  workers: 2,
  projects: [
    // One lab at a time: the specs share two cores with the traffic they measure. First, so that the others run beside it.
    { name: 'lab', testIgnore: [PANEL, ...ANSWERS], fullyParallel: false, workers: 1 },
    // These wait more than they work.
    { name: 'answers', testMatch: ANSWERS },
    { name: 'panel', testMatch: PANEL, fullyParallel: true },
  ],
  retries: 0,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    headless: true,
    viewport: { width: 1280, height: 800 },
    screenshot: 'only-on-failure',
    // Costs a quarter of the run: `--trace on` where one is wanted.
    trace: 'off',
    launchOptions: executablePath === null ? {} : { executablePath },
  },
})
