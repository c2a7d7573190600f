import { expect, type Page } from '@playwright/test'
import { awsPlanOf, awsView } from './support/fake-aws-views.ts'
import type { Scenario } from './support/fake-engine.ts'
import { trialOf } from './support/fake-optimize.ts'
import { reportOf } from './support/fake-probe.ts'
import { someDecisions, withAutoscale } from './support/fake-scaling.ts'
import { withLoss, withPath } from './support/fake-views.ts'
import { beginDark, expectAccessibleInBothLooks } from './support/look.ts'
import { busy, connected, test } from './support/panel-pages.ts'

/** The pages of scaling, flows and tuning, and the map, in every state that looks different: drawn, and judged by axe. */

const carried = (view = connected()) => ({
  ...view,
  plan:
    view.plan === null
      ? null
      : { ...view.plan, carriage: { ...view.plan.carriage, mptcp: { strategy: 'adaptive' as const }, relay: true } },
})

const aws = (bastions: number, tunnels: number) => awsView(awsPlanOf({ bastions, tunnels }), Date.now())

type Look = {
  readonly hash: string
  readonly scenario: () => Scenario
  readonly act?: (page: Page) => Promise<void>
}

const LOOKS: Readonly<Record<string, Look>> = {
  'scaling-none': { hash: '/scaling', scenario: () => ({}) },
  scaling: {
    hash: '/scaling',
    scenario: () => ({
      view: withAutoscale(connected()),
      traffic: busy(),
      autoscale: { decisions: someDecisions(Date.now()) },
    }),
    act: (page) => page.getByRole('group', { name: 'Number of tunnels' }).getByRole('radio', { name: '6' }).check(),
  },
  'scaling-aws': {
    hash: '/scaling',
    scenario: () => ({
      view: aws(2, 8),
      traffic: busy(),
      autoscale: { capacityPerTunnelBitsPerSecond: null, utilisation: null, capacityOrigin: '' },
    }),
    act: async (page) => {
      await page.getByRole('group', { name: 'Bastions' }).getByRole('radio', { name: '3' }).check()
      await page.getByRole('textbox', { name: 'Tunnels' }).fill('12')
      await expect(page.getByRole('region', { name: 'What it will do' })).toContainText('$0.28')
    },
  },
  flows: { hash: '/flows', scenario: () => ({ view: carried(), traffic: busy() }) },
  'flows-idle': {
    hash: '/flows',
    scenario: () => ({
      view: connected(),
      flows: (atMs) => ({
        atMs,
        flows: [],
        mptcp: {
          available: false,
          schedulers: [],
          scheduler: null,
          pathManager: null,
          endpoints: [],
          subflowLimit: null,
        },
        spread: 'round-robin',
        strategy: null,
      }),
    }),
  },
  tuning: {
    hash: '/tuning',
    scenario: () => ({
      view: connected(8),
      traffic: busy(),
      cores: 16,
      optimize: {
        running: true,
        startedAtMs: Date.now() - 95_000,
        trials: [
          trialOf('pinning', 3),
          trialOf('governor', 0),
          trialOf('congestion', 3),
          trialOf('window-scaling', 1, 3),
        ],
      },
    }),
  },
  'tuning-idle': {
    hash: '/tuning',
    scenario: () => ({ view: connected(4), optimize: { inForce: [] } }),
  },
  'tuning-by-probe': {
    hash: '/tuning',
    scenario: () => ({ view: connected(2), probe: reportOf() }),
    act: async (page) => {
      await page.getByText('What a probe recommends').click()
      await page.getByRole('button', { name: 'Start measuring' }).scrollIntoViewIfNeeded()
    },
  },
  'overview-failover': {
    hash: '/',
    scenario: () => ({ view: withLoss(withPath(connected(), 3, true), [2]), traffic: busy() }),
  },
  'overview-all-dead': {
    hash: '/',
    scenario: () => ({ view: [1, 2, 3, 4].reduce((view, slot) => withPath(view, slot, true), connected()) }),
  },
  'overview-many-tunnels': { hash: '/', scenario: () => ({ view: aws(4, 12), traffic: busy() }) },
}

for (const [name, { hash, scenario, act }] of Object.entries(LOOKS)) {
  test(`axe finds nothing: ${name}`, async ({ page, open }) => {
    await beginDark(page)
    await open(hash, scenario())
    await act?.(page)
    await expectAccessibleInBothLooks(page, name)
  })
}
