import { type OptionAccount, type VerbAccount, verbsWithin } from '../command-tree.ts'
import { quoteForShell } from './quote.ts'
import { optionsOf, type Wanted, wantedByOperand, wantedByOption } from './wanted.ts'

/*
 * What bash and zsh have in common: which verb a line has come to, and what its next word is to be. Both know `case`, and
 * take patterns in quotes as they are.
 */

/** A kind and its words, as the scripts read it back: `words lab aws`. */
const renderWanted = (wanted: Wanted): string =>
  'words' in wanted ? [wanted.kind, ...wanted.words].join(' ') : wanted.kind

const arm = (patterns: readonly string[], wanted: Wanted): string =>
  `    ${patterns.join(' | ')}) echo ${quoteForShell(renderWanted(wanted))} ;;`

const optionArm = (verb: VerbAccount, option: OptionAccount): string[] => {
  const wanted = wantedByOption(verb, option)
  return wanted === null
    ? []
    : [
        arm(
          option.names.map((name) => quoteForShell(`${verb.path} ${name}`)),
          wanted,
        ),
      ]
}

const operandArms = (verb: VerbAccount, top: VerbAccount): string[] =>
  verb.operands.map((operand, index) => {
    const place = operand.isVariadic
      ? `${quoteForShell(`${verb.path} `)}[0-9]*`
      : quoteForShell(`${verb.path} ${index + 1}`)
    return arm([place], wantedByOperand(verb, operand, top))
  })

/** Arms of a `case` over "VERB OPTION" and "VERB NUMBER-OF-OPERAND": what is wanted there. Nothing for an option without a value. */
export const wantedArms = (top: VerbAccount): string =>
  verbsWithin(top)
    .flatMap((verb) => [...optionsOf(verb).flatMap((option) => optionArm(verb, option)), ...operandArms(verb, top)])
    .join('\n')

/** Arms of a `case` over verbs, for those that have any of `linesOf`. `act` is what the shell does with them. */
export const verbArms = (
  top: VerbAccount,
  linesOf: (verb: VerbAccount) => readonly string[],
  act: (lines: readonly string[]) => string,
): string =>
  verbsWithin(top)
    .map((verb) => ({ path: verb.path, lines: linesOf(verb) }))
    .filter(({ lines }) => lines.length > 0)
    .map(({ path, lines }) => `    ${quoteForShell(path)}) ${act(lines)} ;;`)
    .join('\n')
