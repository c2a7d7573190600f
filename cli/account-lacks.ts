import type { DoctorCheck } from '../contract/app.ts'
import { type ErrorCode, MoleError } from '../contract/errors.ts'
import { renderVerdict } from './render-checks.ts'

type Kind = 'permission' | 'credentials' | 'quota' | 'place'

const kindOf = ({ id }: DoctorCheck): Kind => {
  if (id.startsWith('permission')) return 'permission'
  if (id.startsWith('quota')) return 'quota'
  return id === 'credentials' ? 'credentials' : 'place'
}

const POLICY = 'Give the JSON of "mole init --policy" to whoever manages the account'
const QUOTA = 'Ask for more in the Service Quotas console, or choose smaller instance types'

/** What to do about one thing, as a sentence without its end. */
const stepFor = (check: DoctorCheck): string => {
  const kind = kindOf(check)
  if (kind === 'permission') return POLICY
  if (kind === 'quota') return QUOTA
  return (check.remedy ?? `See to ${check.title}`).replace(/\.$/, '')
}

/** What hinders most decides how the command ends. */
const codeOf = (kinds: ReadonlySet<Kind>): ErrorCode => {
  if (kinds.has('credentials') || kinds.has('permission')) return 'denied'
  return kinds.has('place') ? 'not-found' : 'quota-exceeded'
}

/**
 * The error that names what an AWS account lacks, with the next step for each thing that is missing. The check
 * `permissions` sums up those of single actions and is counted only without them.
 */
export const accountLacks = (missing: readonly DoctorCheck[]): MoleError => {
  const hasActions = missing.some(({ id }) => id.startsWith('permission:'))
  const named = missing.filter(({ id }) => id !== 'permissions' || !hasActions)
  const steps = [...new Set(named.map(stepFor))]
  return new MoleError(
    codeOf(new Set(named.map(kindOf))),
    `AWS is not ready: ${renderVerdict(named.length).toLowerCase()}`,
    {
      field: named[0]?.id ?? 'aws',
      meaning: `${named.map(({ title }) => title).join(', ')}. Nothing was saved.`,
      nextStep: `${steps.join('. ')}. Then give the command again.`,
    },
  )
}
