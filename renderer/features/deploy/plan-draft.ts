import type { FormErrors } from '@mantine/form'
import { create } from 'zustand'
import { DeploymentPlan } from '../../../domain/tunnel-plan.ts'

/** A plan while it is being written: numbers may be empty, rates are in the unit people type. */
export type PlanDraft = {
  readonly target: DeploymentPlan['target']
  readonly tunnels: number
  /** The range it may be scaled in; the wizard does not ask for it, and keeps what a plan has. */
  readonly minTunnels: number
  readonly maxTunnels: number
  readonly baseCidr: string
  readonly privateCidr: string
  readonly mtuBytes: number | string
  readonly pathRateMegabits: number | string
}

const BITS_PER_MEGABIT = 1_000_000

export const draftOf = (plan: DeploymentPlan): PlanDraft => ({
  target: plan.target,
  tunnels: plan.tunnels,
  minTunnels: plan.minTunnels,
  maxTunnels: plan.maxTunnels,
  baseCidr: plan.baseCidr,
  privateCidr: plan.privateCidr,
  mtuBytes: plan.mtuBytes,
  pathRateMegabits: plan.labPathRateBitsPerSecond / BITS_PER_MEGABIT,
})

const numberOf = (value: number | string): number => (value === '' ? Number.NaN : Number(value))

/** What the form calls the plan's fields, where the two differ. */
const FIELDS: Readonly<Record<string, keyof PlanDraft>> = { labPathRateBitsPerSecond: 'pathRateMegabits' }

const SAID_OTHERWISE: Readonly<Record<string, string>> = {
  labPathRateBitsPerSecond: 'must be from 1 to 10 000 Mbit/s',
}

type Parsed =
  | { readonly plan: DeploymentPlan; readonly errors: null }
  | { readonly plan: null; readonly errors: FormErrors }

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

/** The plan of a draft, or what is wrong with which field: the very rules by which the engine judges it. */
export const parseDraft = (draft: PlanDraft): Parsed => {
  const result = DeploymentPlan.safeParse({
    target: draft.target,
    tunnels: draft.tunnels,
    minTunnels: Math.min(draft.minTunnels, draft.tunnels),
    maxTunnels: Math.max(draft.maxTunnels, draft.tunnels),
    baseCidr: draft.baseCidr.trim(),
    privateCidr: draft.privateCidr.trim(),
    mtuBytes: numberOf(draft.mtuBytes),
    labPathRateBitsPerSecond: Math.round(numberOf(draft.pathRateMegabits) * BITS_PER_MEGABIT),
  })
  if (result.success) return { plan: result.data, errors: null }
  const errors: FormErrors = {}
  for (const { path, message } of result.error.issues) {
    const name = String(path[0] ?? '')
    errors[FIELDS[name] ?? name] ??= sentence(SAID_OTHERWISE[name] ?? message)
  }
  return { plan: null, errors }
}

/** The draft, kept while the wizard's pages change. */
export const usePlanDraft = create<PlanDraft>()(() => draftOf(DeploymentPlan.parse({})))
