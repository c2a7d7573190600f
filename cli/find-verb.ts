import type { Command } from 'commander'
import { MoleError } from '../contract/errors.ts'
import { nearWord } from '../domain/near-word.ts'
import { plainText } from './plain-text.ts'

const unknown = (word: string, path: string, verbs: readonly string[]): MoleError => {
  const near = nearWord(word, verbs)
  return new MoleError('bad-input', `There is no verb "${path} ${plainText(word)}".`, {
    field: 'arguments',
    meaning: 'Nothing was changed.',
    nextStep: near === null ? 'Run "mole --help" to see every verb.' : `Did you mean "${near}"?`,
  })
}

/** The verb that words name, such as `config show`. @throws MoleError `bad-input` naming the word that is none. */
export const findVerb = (program: Command, words: readonly string[]): Command => {
  let [found, path] = [program, program.name()]
  for (const word of words) {
    const next = found.commands.find((each) => each.name() === word)
    if (next === undefined)
      throw unknown(
        word,
        path,
        found.commands.map((each) => each.name()),
      )
    found = next
    path = `${path} ${word}`
  }
  return found
}
