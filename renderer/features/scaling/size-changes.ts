import { interfaceName } from '../../../domain/ours.ts'
import { bastionCount, bastionOfSlot, type DeploymentPlan, slotsOf } from '../../../domain/tunnel-plan.ts'
import { renderCount } from '../../ui/format.ts'

type Size = Pick<DeploymentPlan, 'tunnels' | 'bastions'>

const MOST_NAMED = 4

/** `mole5, mole6 and mole7`, or how many where they are too many to be named. */
const named = (slots: readonly number[]): string => {
  const names = slots.map(interfaceName)
  if (names.length > MOST_NAMED) return renderCount(names.length, 'tunnel')
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

const verb = (count: number): string => (count === 1 ? 'is' : 'are')

/** `Bastion 3`, `Bastions 2 and 3`, `Bastions 2 to 5`. */
const bastionsFrom = (first: number, last: number): string => {
  if (first === last) return `Bastion ${first}`
  return `Bastions ${first} ${last - first === 1 ? 'and' : 'to'} ${last}`
}

/**
 * What a change of size does to what is up, a sentence each, in the order it happens; `[]` where nothing changes. Pure.
 */
export const sizeChanges = (now: Size, next: Size, isCloud: boolean): string[] => {
  const [before, after] = [bastionCount(now), bastionCount(next)]
  const [had, has] = [slotsOf(now), slotsOf(next)]
  const added = has.filter((slot) => !had.includes(slot))
  const gone = had.filter((slot) => !has.includes(slot))
  const machine = isCloud ? 'launched, which takes a minute or two, and is billed from then on' : 'booted'
  const machines = isCloud ? 'launched, which takes a minute or two, and are billed from then on' : 'booted'
  return [
    ...(after > before
      ? [`${bastionsFrom(before + 1, after)} ${after - before === 1 ? `is ${machine}` : `are ${machines}`}.`]
      : []),
    ...(added.length > 0 ? [`${capital(named(added))} ${verb(added.length)} added.`] : []),
    ...(gone.length > 0
      ? [`${capital(named(gone))} ${verb(gone.length)} taken out of the route first, then removed.`]
      : []),
    ...(after < before
      ? [
          `${bastionsFrom(after + 1, before)} ${verb(before - after)} ${isCloud ? 'terminated: connections over it that do not move break' : 'taken away'}.`,
        ]
      : []),
    ...(added.length + gone.length > 0 && kept(had, has) > 0
      ? [`The other ${renderCount(kept(had, has), 'tunnel')} keep${kept(had, has) === 1 ? 's' : ''} running meanwhile.`]
      : []),
  ]
}

const kept = (had: readonly number[], has: readonly number[]): number => had.filter((slot) => has.includes(slot)).length

const capital = (text: string): string =>
  text.startsWith('mole') ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`

/** Bastions that a size uses and how many tunnels each has: `3 + 3 + 2`. */
export const dealt = (size: Size): number[] => {
  const counts = Array.from({ length: bastionCount(size) }, () => 0)
  for (const slot of slotsOf(size)) {
    const at = bastionOfSlot(slot) - 1
    counts[at] = (counts[at] ?? 0) + 1
  }
  return counts
}
