import type { Command } from 'commander'
import { MoleError } from '../contract/errors.ts'
import { nearWord } from '../domain/near-word.ts'
import { plainText } from './plain-text.ts'

/** A word after a group of verbs that is none of them, where the group means one of its verbs without any. */
export const unknownVerb = (operand: string, group: Command): MoleError => {
  const verbs = group.commands.map((each) => each.name())
  const near = nearWord(operand, verbs)
  return new MoleError('bad-input', `"mole ${group.name()}" has no verb "${plainText(operand)}".`, {
    field: 'arguments',
    meaning: 'Nothing was changed.',
    nextStep: near === null ? `It has: ${verbs.join(', ')}.` : `Did you mean "mole ${group.name()} ${near}"?`,
  })
}
