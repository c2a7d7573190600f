import { plainText } from './plain-text.ts'

const scalar = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** A value of the configuration as a `MOLE_*` variable would hold it: lists with commas, `null` as such. */
export const renderValue = (value: unknown): string =>
  plainText(Array.isArray(value) ? value.map(scalar).join(',') : scalar(value))
