import { MoleError } from '../../../contract/errors.ts'
import type { OfferedType } from './instance-types.ts'

/** Why a type that was asked for cannot be had; `null` when it can. Pure. */
export const whyUnusable = (name: string, known: readonly OfferedType[], zones: readonly string[]): string | null => {
  const type = known.find((each) => each.name === name)
  if (type === undefined) return `${name} is not known in this region`
  if (type.architecture === null) return `${name} is neither arm64 nor x86_64`
  if (type.zones.some((zone) => zones.includes(zone))) return null
  return `${name} is not offered in ${zones.join(', ')}${type.zones.length > 0 ? `, but in ${type.zones.join(', ')}` : ''}`
}

/**
 * Those of the types asked for that can be had in one of the zones, in the order asked. Pure, never empty.
 * @throws MoleError `bad-input` saying why each cannot.
 */
export const usableTypes = (
  names: readonly string[],
  known: readonly OfferedType[],
  zones: readonly string[],
): OfferedType[] => {
  const usable = known.filter(({ name }) => names.includes(name) && whyUnusable(name, known, zones) === null)
  if (usable.length > 0) return usable
  throw new MoleError('bad-input', 'None of the instance types can be had where the bastions are to stand.', {
    field: 'aws.instance_types',
    meaning: `${names.flatMap((name) => whyUnusable(name, known, zones) ?? []).join('; ')}. Nothing was made.`,
    nextStep: 'Choose other instance types (aws.instance_types) or zones (aws.availability_zones).',
  })
}
