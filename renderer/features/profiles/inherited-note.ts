import type { ConfigValue } from '../../../domain/config/resolve.ts'
import { fieldOfValue } from './field-value.ts'

/** `…/profiles/dtn.yaml:3:8` is `dtn.yaml` to the eye. */
const fileOf = (where: string): string => (where.split('/').at(-1) ?? where).replace(/:\d+:\d+$/, '')

/** Whose value it is. */
export const originText = ({ origin, where }: ConfigValue): string => {
  if (origin === 'default') return 'built in'
  if (origin === 'profile') return 'set here'
  if (origin === 'user') return 'from your config.yaml'
  return `from ${fileOf(where)}`
}

/** Where the value of a key comes from that a profile sets, or does not set. */
export const inheritedNote = (own: unknown, inherited: ConfigValue | undefined): string => {
  if (inherited === undefined) return '\u00A0'
  const there = `${fieldOfValue(inherited.value)}, ${originText(inherited)}`
  if (inherited.origin === 'environment') return `${inherited.where} sets ${fieldOfValue(inherited.value)} over it`
  return own === undefined ? `Inherited: ${there}` : `Set here; else ${there}`
}
