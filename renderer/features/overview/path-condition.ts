import { create } from 'zustand'
import type { PathCondition } from '../../../contract/helper.ts'

/** What a path does to packets, as this panel has set it last; the lab tells nobody. By deployment and tunnel. */
export const useSetConditions = create<Readonly<Record<string, PathCondition>>>()(() => ({}))

export const conditionKey = (deployment: string | null, slot: number): string => `${deployment} ${slot}`

export const UNHARMED: PathCondition = { lossRatio: 0, delayMs: 0 }

/** `20 %, 30 ms`; empty where the path does nothing. */
export const renderCondition = ({ lossRatio, delayMs }: PathCondition): string =>
  [
    ...(lossRatio > 0 ? [`${Number((lossRatio * 100).toFixed(1))} %`] : []),
    ...(delayMs > 0 ? [`${delayMs} ms`] : []),
  ].join(', ')

/** While it is being typed a number may be empty. */
export type ConditionDraft = { readonly lossPercent: number | string; readonly delayMs: number | string }

const within = (value: number | string, most: number): boolean =>
  value !== '' && Number(value) >= 0 && Number(value) <= most

/** The condition of a draft, or which field is wrong. Pure. */
export const parseCondition = ({
  lossPercent,
  delayMs,
}: ConditionDraft): { readonly condition: PathCondition | null; readonly wrong: readonly (keyof ConditionDraft)[] } => {
  const wrong: (keyof ConditionDraft)[] = []
  if (!within(lossPercent, 100)) wrong.push('lossPercent')
  if (!within(delayMs, 1000)) wrong.push('delayMs')
  if (wrong.length > 0) return { condition: null, wrong }
  return { condition: { lossRatio: Number(lossPercent) / 100, delayMs: Number(delayMs) }, wrong }
}
