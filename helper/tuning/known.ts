import { nameOf, type Setting, type TuningOrigin } from './setting.ts'

/** What the host itself does not tell of its tuning. */
export type TuningKnown = {
  readonly origins: readonly TuningOrigin[]
  /** Why a setting did not take a value; `null` when it was not tried, or was taken. */
  readonly refusalOf: (setting: Setting, value: string) => string | null
}

/** What the kernel, or a card, did not take. Kept for the life of the helper, so that it is not tried at each look. */
export type Refusals = {
  note(setting: Setting, value: string, reason: string): void
  readonly of: TuningKnown['refusalOf']
}

export const makeRefusals = (): Refusals => {
  const reasons = new Map<string, string>()
  const keyOf = (setting: Setting, value: string): string => `${nameOf(setting)}\n${value}`
  return {
    note: (setting, value, reason) => void reasons.set(keyOf(setting, value), reason),
    of: (setting, value) => reasons.get(keyOf(setting, value)) ?? null,
  }
}
