import type { Command } from 'commander'
import type { ExitCode } from './exit-codes.ts'
import { type Flags, openReport, type Report } from './report.ts'
import type { World } from './world.ts'

/** What every verb is made with. */
export type Toolbox = {
  readonly world: World
  /** The verb's exit code goes here. */
  exitWith(code: ExitCode): void
}

/** Adds a verb to the program. One per file under verbs/. */
export type AddVerb = (program: Command, toolbox: Toolbox) => void

const EXAMPLES = new WeakMap<Command, readonly string[]>()

/** The examples that a command's help ends with. */
export const examplesOf = (command: Command): readonly string[] => EXAMPLES.get(command) ?? []

/** Gives a command the options all verbs share, examples in its help, and the work it does. */
export const finishVerb = <Options extends object>(
  command: Command,
  { world, exitWith }: Toolbox,
  examples: readonly string[],
  work: (report: Report, options: Options, operands: readonly string[]) => Promise<ExitCode>,
): void => {
  EXAMPLES.set(command, examples)
  command
    .option('--json', 'print the outcome on stdout as one JSON object')
    .option('--quiet', 'say nothing on stderr but errors')
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  ${example}`).join('\n')}`)
    .action(async () => {
      const options = command.opts<Options & Flags>()
      exitWith(await work(openReport(world, options), options, command.args))
    })
}
