import { isDeepStrictEqual } from 'node:util'
import type { DeploymentView, Review } from '../contract/app.ts'
import { valuesOfPlan } from '../domain/config/plan-of.ts'
import type { DeploymentPlan } from '../domain/tunnel-plan.ts'
import { verbForChange } from '../engine/deployment/compare-plans.ts'
import { firstEvent } from './first-event.ts'
import { renderHeadline } from './render-deployment.ts'
import { renderReviewCost } from './render-review.ts'
import { renderValue } from './render-value.ts'
import type { Engine } from './world.ts'

/** What is up, with its plan. */
type WhatIsUp = { readonly view: DeploymentView; readonly plan: DeploymentPlan }

const STANDING: readonly DeploymentView['phase'][] = ['connected', 'degraded', 'detached']

/** What the engine has up; `null` where nothing stands that a plan could be compared with. */
export const observeWhatIsUp = async (engine: Engine): Promise<WhatIsUp | null> => {
  const view = await firstEvent(engine.stream('deployment.watch', {}))
  if (view === null || view.plan === null || !STANDING.includes(view.phase)) return null
  return { view, plan: view.plan }
}

const settingsOf = (plan: DeploymentPlan): Map<string, unknown> =>
  new Map(
    Object.entries(valuesOfPlan(plan)).flatMap(([section, values]) =>
      Object.entries(values ?? {}).map(([key, value]): [string, unknown] => [`${section}.${key}`, value]),
    ),
  )

/** The settings in which a plan differs from the one that is up, as `deployment.tunnels: 4 → 6`. Pure. */
export const changesOf = (current: DeploymentPlan, wanted: DeploymentPlan): string[] => {
  const [before, after] = [settingsOf(current), settingsOf(wanted)]
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => !isDeepStrictEqual(before.get(path), after.get(path)))
    .map((path) => `${path}: ${renderValue(before.get(path) ?? null)} → ${renderValue(after.get(path) ?? null)}`)
}

/**
 * What asking for the reviewed plan means while another is up, for people.
 * @throws MoleError `conflict` where it cannot become that plan, before anybody is asked.
 */
export const renderChange = ({ view, plan }: WhatIsUp, review: Review, profile: string | null): string => {
  verbForChange({ plan, profile: view.profile }, { plan: review.plan, profile })
  const changes = changesOf(plan, review.plan)
  const headline = `Up already. ${renderHeadline(view, Date.now())}`
  return changes.length === 0
    ? `${headline}\nNothing differs from what is asked for; it is looked over, and repaired where it is not whole.`
    : [headline, 'What changes:', ...changes.map((line) => `  ${line}`), renderReviewCost(review)].join('\n')
}
