import type { DeploymentView } from '../../contract/app.ts'
import { openTopic, type Topic } from '../topic.ts'
import { renderView, type Standing } from './view.ts'

/** The standing, and its view for whoever follows it. */
export type StandingTopic = {
  get(): Standing
  /** Changes the standing and sends the new view. */
  set(change: Partial<Standing>): void
  readonly views: Topic<DeploymentView>
}

export const openStandingTopic = (initial: Standing): StandingTopic => {
  let standing = initial
  const views = openTopic(renderView(initial))
  return {
    get: () => standing,
    set: (change) => {
      standing = { ...standing, ...change }
      views.publish(renderView(standing))
    },
    views,
  }
}
