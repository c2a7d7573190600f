import type { DeploymentView } from '../contract/app.ts'

type Phase = DeploymentView['phase']

const UP: readonly Phase[] = ['connected', 'degraded', 'detached']
const BUSY: readonly Phase[] = ['deploying', 'tearing-down']

/** Tunnels are there. */
export const isUp = (view: DeploymentView | null): boolean => view !== null && UP.includes(view.phase)

/** They are being made or taken down. */
export const isBusy = (view: DeploymentView | null): boolean => view !== null && BUSY.includes(view.phase)

const WORDS: Readonly<Record<Phase, string>> = {
  none: 'Not connected',
  deploying: 'Connecting…',
  connected: 'Connected',
  degraded: 'Connected, but not whole',
  'tearing-down': 'Disconnecting…',
  failed: 'Failed',
  detached: 'Connected, but its helper does not answer',
}

/** The deployment in one line, for the tray. */
export const statusLine = (view: DeploymentView | null): string => {
  if (view === null) return 'Looking for the engine…'
  // After a roll-back the plan is still known, as what was tried.
  if (view.plan === null || view.phase === 'none') return WORDS[view.phase]
  const { tunnels, target } = view.plan
  return `${WORDS[view.phase]}: ${view.profile ?? target}, ${tunnels} ${tunnels === 1 ? 'tunnel' : 'tunnels'}`
}
