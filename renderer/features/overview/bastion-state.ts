import type { DeploymentView } from '../../../contract/app.ts'
import type { HealthLevel } from '../../ui/Health.tsx'

export type Bastion = DeploymentView['bastions'][number]

const STATES: Readonly<Record<Bastion['state'], { readonly level: HealthLevel; readonly text: string }>> = {
  running: { level: 'good', text: 'running' },
  booting: { level: 'busy', text: 'booting' },
  failed: { level: 'bad', text: 'failed' },
  missing: { level: 'bad', text: 'missing' },
}

export const bastionLevel = ({ state }: Bastion): HealthLevel => STATES[state].level
export const bastionStateText = ({ state }: Bastion): string => STATES[state].text

/** `Bastion 2` */
export const bastionName = ({ index }: Bastion): string => `Bastion ${index}`

/** Those that carry nothing and must be launched anew. */
export const lostBastions = ({ bastions }: DeploymentView): Bastion[] =>
  bastions.filter(({ state }) => state === 'failed' || state === 'missing')
