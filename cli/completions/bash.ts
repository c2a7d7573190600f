import type { VerbAccount } from '../command-tree.ts'
import { fill } from './fill.ts'
import { quoteForShell } from './quote.ts'
import { verbArms, wantedArms } from './tables.ts'
import { optionsOf } from './wanted.ts'

const printing = (lines: readonly string[]): string => `printf '%s\\n' ${lines.map(quoteForShell).join(' ')}`

/** Completion for bash: `script` is resources/completions/mole.bash. */
export const renderBashCompletion = (script: string, top: VerbAccount): string =>
  fill(script, {
    verbs: verbArms(top, ({ verbs }) => verbs.map(({ name }) => name), printing),
    options: verbArms(top, (verb) => optionsOf(verb).flatMap(({ names }) => names), printing),
    wanted: wantedArms(top),
  })
