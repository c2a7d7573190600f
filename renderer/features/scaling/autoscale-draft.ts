import type { FormErrors } from '@mantine/form'
import { Autoscale } from '../../../domain/autoscale.ts'

/** The thresholds while they are being written: in the units people type, and perhaps empty. */
export type AutoscaleDraft = {
  readonly upPercent: number | string
  readonly downPercent: number | string
  readonly intervalSeconds: number | string
  readonly upCooldownMinutes: number | string
  readonly downCooldownMinutes: number | string
  readonly elephantMebibytes: number | string
}

const MS_PER_MINUTE = 60_000
const BYTES_PER_MEBIBYTE = 1_048_576

/** Without the noise of binary fractions: 0.55 is 55 %, not 55.00000000000001 %. */
const tidy = (value: number): number => Number(value.toPrecision(15))

export const autoscaleDraftOf = (settings: Autoscale): AutoscaleDraft => ({
  upPercent: tidy(settings.upThreshold * 100),
  downPercent: tidy(settings.downThreshold * 100),
  intervalSeconds: tidy(settings.intervalMs / 1000),
  upCooldownMinutes: tidy(settings.upCooldownMs / MS_PER_MINUTE),
  downCooldownMinutes: tidy(settings.downCooldownMs / MS_PER_MINUTE),
  elephantMebibytes: tidy(settings.elephantBytes / BYTES_PER_MEBIBYTE),
})

/** The field of the form for each of the schema, and what it must be, as people say it. */
const FIELDS = {
  upThreshold: ['upPercent', 'Must be from 0 to 100 %.'],
  downThreshold: ['downPercent', 'Must be from 0 to 100 %.'],
  intervalMs: ['intervalSeconds', 'Must be at least 1 s.'],
  upCooldownMs: ['upCooldownMinutes', 'Must be 0 min or more.'],
  downCooldownMs: ['downCooldownMinutes', 'Must be 0 min or more.'],
  elephantBytes: ['elephantMebibytes', 'Must be more than 0 MiB.'],
} as const satisfies Partial<Record<keyof Autoscale, readonly [keyof AutoscaleDraft, string]>>

const isField = (name: unknown): name is keyof typeof FIELDS => typeof name === 'string' && Object.hasOwn(FIELDS, name)

const numberOf = (value: number | string): number => (value === '' ? Number.NaN : Number(value))

type Parsed =
  | { readonly settings: Autoscale; readonly errors: null }
  | { readonly settings: null; readonly errors: FormErrors }

/** The settings of a draft, or which field is wrong and why: the schema's own rules. Pure. */
export const parseAutoscale = (draft: AutoscaleDraft, enabled: boolean): Parsed => {
  const result = Autoscale.safeParse({
    enabled,
    upThreshold: tidy(numberOf(draft.upPercent) / 100),
    downThreshold: tidy(numberOf(draft.downPercent) / 100),
    intervalMs: Math.round(numberOf(draft.intervalSeconds) * 1000),
    upCooldownMs: Math.round(numberOf(draft.upCooldownMinutes) * MS_PER_MINUTE),
    downCooldownMs: Math.round(numberOf(draft.downCooldownMinutes) * MS_PER_MINUTE),
    elephantBytes: Math.round(numberOf(draft.elephantMebibytes) * BYTES_PER_MEBIBYTE),
  })
  if (!result.success) {
    const names = result.error.issues.map(({ path }) => path[0]).filter(isField)
    return { settings: null, errors: Object.fromEntries(names.map((name) => FIELDS[name])) }
  }
  const { upThreshold, downThreshold } = result.data
  if (downThreshold >= upThreshold)
    return {
      settings: null,
      errors: { downPercent: `Must be below the ${draft.upPercent} % at which tunnels are added.` },
    }
  return { settings: result.data, errors: null }
}
