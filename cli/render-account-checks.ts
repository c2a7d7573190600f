import type { DoctorCheck } from '../contract/app.ts'
import { renderChecks } from './render-checks.ts'

const isAction = ({ id }: DoctorCheck): boolean => id.startsWith('permission:')

/** The permissions that are there in one line, the others each in its own. `--json` has them all. */
const folded = (actions: readonly DoctorCheck[], method: string): DoctorCheck[] => {
  const allowed = actions.filter(({ state }) => state === 'ok').length
  if (allowed === 0) return [...actions]
  const isWhole = allowed === actions.length
  return [
    {
      id: 'permissions',
      title: `${allowed} permissions`,
      state: 'ok',
      detail: isWhole ? `all that are needed are allowed. ${method}` : `allowed, of ${actions.length}`,
      remedy: null,
    },
    ...actions.filter(({ state }) => state !== 'ok'),
  ]
}

/** What was found out of an AWS account, for people: a line for each thing, the allowed permissions in one. */
export const renderAccountChecks = (checks: readonly DoctorCheck[], hasColour: boolean): string => {
  const actions = checks.filter(isAction)
  const summary = checks.find(({ id }) => id === 'permissions')
  const isWhole = actions.length > 0 && actions.every(({ state }) => state === 'ok')
  const others = checks.filter((check) => !isAction(check) && !(isWhole && check === summary))
  return renderChecks([...others, ...folded(actions, summary?.detail ?? '')], hasColour)
}
