import type { DeploymentView, ProfileSummary } from '../../../contract/app.ts'

const PHASES: readonly DeploymentView['phase'][] = ['failed', 'detached']

/** Why a profile cannot be connected at this moment, as a sentence; `null` when it can. */
export const blockerOf = (
  { name, plan, problems }: Pick<ProfileSummary, 'name' | 'plan' | 'problems'>,
  view: Pick<DeploymentView, 'phase' | 'id' | 'profile'> | null,
): string | null => {
  if (plan === null)
    return problems.length === 0
      ? 'It asks for more tunnels than one bastion carries.'
      : 'It has problems: mend them first.'
  if (view === null) return 'What is up is not known yet.'
  if (view.phase === 'none' || (view.phase === 'failed' && view.id === null)) return null
  if (view.profile !== name)
    return `${view.profile === null ? 'Another deployment' : `“${view.profile}”`} is there: disconnect it on Overview first.`
  // One that failed or is out of reach is continued.
  return PHASES.includes(view.phase) ? null : 'It is connected.'
}
