import { CommanderError } from 'commander'
import { MoleError } from '../contract/errors.ts'
import { EXIT, type ExitCode, exitCodeOf } from './exit-codes.ts'
import { findVerb } from './find-verb.ts'
import { buildProgram } from './program.ts'
import { openReport } from './report.ts'
import type { World } from './world.ts'

const MORE_HELP = 'Run "mole --help", or "mole VERB --help", to see what can be given.'

const usageError = (error: CommanderError): MoleError =>
  new MoleError('bad-input', error.message.replace(/^error: /, '').replace(/\n/g, ' '), {
    field: 'arguments',
    meaning: 'Nothing was changed.',
    nextStep: MORE_HELP,
  })

/** Help or the version was printed, also for a group without a verb; commander throws all the same. */
const isShown = (error: unknown): boolean =>
  error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help')

const toMoleError = (error: unknown): MoleError => {
  if (error instanceof MoleError) return error
  if (error instanceof CommanderError) return usageError(error)
  return new MoleError('internal', 'Something happened that Cloud Mole did not foresee.', {
    meaning: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    nextStep: 'Please report it with what you did. Tunnels that were up are still up.',
  })
}

/**
 * Runs one command line (without `node` and the program's name) and gives its exit code. Never throws.
 */
export const runCommandLine = async (argv: readonly string[], world: World, version: string): Promise<ExitCode> => {
  let exit: ExitCode = EXIT.ok
  const exitWith = (code: ExitCode): void => {
    exit = code
  }
  const program = buildProgram({ world, exitWith }, version)
  try {
    const words = argv.slice(1).filter((word) => !word.startsWith('-') && word !== 'help')
    // Commander's own "help" knows one word, and is silent about one it does not know.
    if (argv.length === 0) program.outputHelp()
    else if (argv[0] === 'help') findVerb(program, words).outputHelp()
    else await program.parseAsync([...argv], { from: 'user' })
    return exit
  } catch (error) {
    if (isShown(error)) return EXIT.ok
    const failure = toMoleError(error)
    // Options may be the very thing that was wrong, so --json is looked for by hand; after "--" it is somebody else's.
    const own = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length)
    openReport(world, { json: own.includes('--json') }).failure(failure)
    return exitCodeOf(failure.code)
  }
}
