import { type OptionAccount, type VerbAccount, verbsWithin } from '../command-tree.ts'
import { fill } from './fill.ts'
import { quoteForFish } from './quote.ts'
import { optionsOf, type Wanted, wantedByOperand, wantedByOption } from './wanted.ts'

/** Arguments of `complete` that say what is offered. -f: no files; -F: files. */
const offer = (wanted: Wanted): string => {
  const words = 'words' in wanted && wanted.words.length > 0 ? ` -a ${quoteForFish(wanted.words.join(' '))}` : ''
  switch (wanted.kind) {
    case 'words':
      return `-f${words}`
    case 'file':
      return `-F${words}`
    case 'directory':
      return "-f -a '(__fish_complete_directories)'"
    case 'profile':
      return "-f -a '(__mole_profiles)'"
    case 'program':
      return "-f -a '(__fish_complete_command)'"
    case 'nothing':
      return '-f'
  }
}

const line = (condition: string, ...rest: readonly string[]): string =>
  `complete -c mole -n ${quoteForFish(condition)} ${rest.filter((part) => part !== '').join(' ')}`

const nameArgument = (name: string): string => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)

const optionLine = (verb: VerbAccount, option: OptionAccount): string => {
  const wanted = wantedByOption(verb, option)
  const value = wanted === null ? '' : `-r ${offer(wanted)}`
  return line(
    `__mole_at ${quoteForFish(verb.path)}`,
    ...option.names.map(nameArgument),
    value,
    `-d ${quoteForFish(option.description)}`,
  )
}

const verbLine = (verb: VerbAccount, { name, summary }: VerbAccount): string =>
  line(`__mole_at ${quoteForFish(verb.path)} 1`, '-f', `-a ${name}`, `-d ${quoteForFish(summary)}`)

const operandLines = (verb: VerbAccount, top: VerbAccount): string[] =>
  verb.operands.map((operand, index) =>
    line(
      `__mole_at ${quoteForFish(verb.path)} ${operand.isVariadic ? 'any' : index + 1}`,
      offer(wantedByOperand(verb, operand, top)),
    ),
  )

const linesOf = (verb: VerbAccount, top: VerbAccount): string[] => [
  ...verb.verbs.map((child) => verbLine(verb, child)),
  ...optionsOf(verb).map((option) => optionLine(verb, option)),
  ...operandLines(verb, top),
]

/** A list of "VERB WORD" for each word of each verb. */
const setList = (
  name: string,
  verbs: readonly VerbAccount[],
  wordsOf: (verb: VerbAccount) => readonly string[],
): string => {
  const lines = verbs.flatMap((verb) => wordsOf(verb).map((word) => quoteForFish(`${verb.path} ${word}`)))
  return `    set -l ${name} ${lines.join(' ')}`
}

const optionsWithValue = (verb: VerbAccount): string[] =>
  optionsOf(verb)
    .filter(({ operand }) => operand !== null)
    .flatMap(({ names }) => names)

/** Completion for fish: `script` is resources/completions/mole.fish. */
export const renderFishCompletion = (script: string, top: VerbAccount): string => {
  const all = verbsWithin(top)
  return fill(script, {
    verbs: setList('known', all, ({ verbs }) => verbs.map(({ name }) => name)),
    'options with a value': setList('with_value', all, optionsWithValue),
    completions: all.flatMap((verb) => linesOf(verb, top)).join('\n'),
  })
}
