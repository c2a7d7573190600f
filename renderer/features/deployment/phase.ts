import type { Act, DeploymentView, Step, Target } from '../../../contract/app.ts'
import type { HealthLevel } from '../../ui/Health.tsx'

type PhaseWords = { readonly level: HealthLevel; readonly title: string }

const WORDS: Record<DeploymentView['phase'], PhaseWords> = {
  none: { level: 'unknown', title: 'Not connected' },
  deploying: { level: 'busy', title: 'Connecting' },
  connected: { level: 'good', title: 'Connected' },
  degraded: { level: 'warn', title: 'Degraded' },
  'tearing-down': { level: 'busy', title: 'Disconnecting' },
  failed: { level: 'bad', title: 'Failed' },
  detached: { level: 'bad', title: 'Out of reach' },
}

export const describePhase = (phase: DeploymentView['phase']): PhaseWords => WORDS[phase]

/** Whether tunnels are there that carry, or should carry, traffic. */
export const isUp = (view: DeploymentView): boolean => ['connected', 'degraded'].includes(view.phase)

/** Whether it failed and all that had been made was removed again. */
export const isGone = (view: DeploymentView): boolean => view.phase === 'failed' && view.id === null

/** Whether a deploy is being taken back: cancelled, or failed before it was ever connected. */
export const isTurningBack = (view: DeploymentView): boolean =>
  view.phase === 'tearing-down' && view.act?.verb === 'deploy'

/** What cancelling does: a deployment that was ever connected is left as it is, another one is taken back. */
export const cancelWords = (view: DeploymentView): string =>
  view.connectedAtMs === null ? 'Cancel and roll back' : 'Cancel'

export const isActing = (view: DeploymentView): boolean => view.act?.state === 'running'

const ACTS: Record<Act['verb'], { readonly doing: string; readonly done: string }> = {
  deploy: { doing: 'Deploying', done: 'Deployment' },
  scale: { doing: 'Changing the tunnels', done: 'Change of tunnels' },
  teardown: { doing: 'Disconnecting', done: 'Disconnection' },
  recover: { doing: 'Recovering', done: 'Recovery' },
  adjust: { doing: 'Changing the settings', done: 'Change of settings' },
  rotate: { doing: 'Replacing the keys', done: 'Replacement of the keys' },
}

const OUTCOMES: Record<Act['state'], string> = {
  running: '',
  done: 'complete',
  failed: 'failed',
  cancelled: 'cancelled',
}

/** `Deploying`, `Deployment failed`. */
export const describeAct = (act: Act): string =>
  act.state === 'running' ? ACTS[act.verb].doing : `${ACTS[act.verb].done} ${OUTCOMES[act.state]}`

/** The step that is being done, or that failed, or the last one. */
export const currentStep = (act: Act): Step | null =>
  act.steps.find((step) => step.state === 'running') ??
  act.steps.find((step) => step.state === 'failed') ??
  act.steps.findLast((step) => step.state === 'done') ??
  act.steps[0] ??
  null

export const doneSteps = (act: Act): number => act.steps.filter((step) => step.state === 'done').length

const TARGETS: Record<Target['id'], string> = { lab: 'Local lab', aws: 'AWS' }

export const targetTitle = (id: Target['id']): string => TARGETS[id]
