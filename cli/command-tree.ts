import type { Argument, Command, Option } from 'commander'
import { examplesOf } from './verb.ts'

/** What may be given to a verb, for those who tell of it: completions and the manual. */
export type OptionAccount = {
  /** As they are typed: `-f`, `--file`. */
  readonly names: readonly string[]
  /** What follows it, as help shows it: `<file.yaml>`; `null` when it takes no value. */
  readonly operand: string | null
  readonly description: string
  readonly choices: readonly string[]
  /** Heading it has in help; `null` where it has none of its own. */
  readonly heading: string | null
}

export type OperandAccount = {
  readonly name: string
  readonly description: string
  readonly isRequired: boolean
  readonly isVariadic: boolean
  readonly choices: readonly string[]
}

/** A verb, or a group of verbs. */
export type VerbAccount = {
  /** As it is typed: `mole profiles list`. */
  readonly path: string
  readonly name: string
  readonly summary: string
  readonly description: string
  /** Heading it has in help; `null` where it has none. */
  readonly heading: string | null
  readonly options: readonly OptionAccount[]
  readonly operands: readonly OperandAccount[]
  readonly examples: readonly string[]
  readonly verbs: readonly VerbAccount[]
  /** It does something by itself: `false` of a group. */
  readonly acts: boolean
  /** Name of the verb of the group that is meant where none is given. */
  readonly defaultVerb: string | null
}

const present = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text)

const optionAccount = (option: Option): OptionAccount => ({
  names: [option.short, option.long].filter((name) => name !== undefined),
  operand: /[<[].*$/.exec(option.flags)?.[0] ?? null,
  description: option.description,
  choices: option.argChoices ?? [],
  heading: present(option.helpGroupHeading),
})

const operandAccount = (argument: Argument): OperandAccount => ({
  name: argument.name(),
  description: argument.description,
  isRequired: argument.required,
  isVariadic: argument.variadic,
  choices: argument.argChoices ?? [],
})

/** Commander keeps it to itself; a test sees to it that it is still there. */
const defaultVerbOf = (command: Command): string | null =>
  (command as Command & { _defaultCommandName?: string | null })._defaultCommandName ?? null

/** Everything a command tells of itself in its help, hidden verbs and options left out. */
export const accountOfCommand = (command: Command, parent: string | null = null): VerbAccount => {
  const help = command.createHelp()
  const path = parent === null ? command.name() : `${parent} ${command.name()}`
  return {
    path,
    name: command.name(),
    summary: command.summary() || command.description(),
    description: command.description(),
    heading: present(command.helpGroup()),
    options: help.visibleOptions(command).map(optionAccount),
    operands: command.registeredArguments.map(operandAccount),
    examples: examplesOf(command),
    acts: examplesOf(command).length > 0,
    verbs: help.visibleCommands(command).map((child) => accountOfCommand(child, path)),
    defaultVerb: defaultVerbOf(command),
  }
}

/** A verb and all below it, from the top. */
export const verbsWithin = (verb: VerbAccount): VerbAccount[] => [verb, ...verb.verbs.flatMap(verbsWithin)]
