import type { DoctorCheck } from '../../../contract/app.ts'
import type { CloudCall } from './calls.ts'

/** What was found out of one call. */
export type Finding = {
  readonly call: CloudCall
  readonly verdict: 'allowed' | 'denied' | 'unknown'
  /** Why it is not known, or what AWS says; `null` where the verdict says all. */
  readonly why: string | null
}

export type Findings = {
  /** How they were found out, and what that cannot tell, as a sentence. */
  readonly method: string
  readonly findings: readonly Finding[]
}

const ONLY: Readonly<Record<'spot' | 'routes', string>> = {
  spot: 'only for Spot instances',
  routes: 'only for aws.routing: routes',
}

const WORDS: Readonly<Record<Finding['verdict'], string>> = {
  allowed: 'allowed',
  denied: 'not allowed',
  unknown: 'not found out',
}

/** The worst of several: one action may be needed in several ways. */
const worst = (findings: readonly Finding[], verdict: Finding['verdict']): Finding | undefined =>
  findings.find((finding) => finding.verdict === verdict)

/** What not everybody needs may be missing. */
const isNeeded = ({ call }: Finding): boolean => call.only === undefined

const stateOf = (findings: readonly Finding[]): DoctorCheck['state'] => {
  const denied = findings.filter(({ verdict }) => verdict === 'denied')
  if (denied.some(isNeeded)) return 'missing'
  return denied.length > 0 || worst(findings, 'unknown') !== undefined ? 'warning' : 'ok'
}

const detailOf = (finding: Finding): string => {
  const { call, verdict, why } = finding
  const only = call.only === undefined ? '' : ` (${ONLY[call.only]})`
  return `${WORDS[verdict]}${only}: it ${call.purpose}${why === null ? '' : `. ${why}`}`
}

/** The policy gives leave for routes only in tables that their owner has marked. */
const remedyOf = (action: string, state: DoctorCheck['state'], findings: readonly Finding[]): string | null => {
  if (state === 'ok') return null
  if (worst(findings, 'denied') === undefined) return 'Compare your permissions with resources/aws/policy.json.'
  return `Have ${action} allowed: attach resources/aws/policy.json to this user or role (docs/aws.md says how).`
}

const actionCheck = (action: string, findings: readonly Finding[]): DoctorCheck => {
  const state = stateOf(findings)
  const shown = worst(findings, 'denied') ?? worst(findings, 'unknown') ?? findings[0]
  return {
    id: `permission:${action}`,
    title: action,
    state,
    detail: shown === undefined ? '' : detailOf(shown),
    remedy: remedyOf(action, state, findings),
  }
}

const names = (findings: readonly Finding[]): string => [...new Set(findings.map(({ call }) => call.action))].join(', ')

const summary = ({ method, findings }: Findings, state: DoctorCheck['state']): DoctorCheck => {
  const denied = findings.filter(({ verdict }) => verdict === 'denied')
  const unknown = findings.filter(({ verdict }) => verdict === 'unknown')
  const parts = [
    method,
    denied.length === 0 ? null : `Not allowed: ${names(denied)}.`,
    unknown.length === 0 ? null : `Not found out: ${names(unknown)}.`,
  ]
  return {
    id: 'permissions',
    title: 'Permissions',
    state,
    detail: parts.filter((part) => part !== null).join(' '),
    remedy:
      state === 'missing' ? 'Attach resources/aws/policy.json to this user or role (docs/aws.md says how).' : null,
  }
}

/** One check that says how it was found out, then one for each action. Pure. */
export const renderFindings = (found: Findings): DoctorCheck[] => {
  const byAction = Map.groupBy(found.findings, ({ call }) => call.action)
  const actions = [...byAction].map(([action, findings]) => actionCheck(action, findings))
  const states = actions.map(({ state }) => state)
  const state = states.includes('missing') ? 'missing' : states.includes('warning') ? 'warning' : 'ok'
  return [summary(found, state), ...actions]
}
