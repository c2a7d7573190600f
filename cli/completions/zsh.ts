import type { OptionAccount, VerbAccount } from '../command-tree.ts'
import { fill } from './fill.ts'
import { quoteForShell } from './quote.ts'
import { verbArms, wantedArms } from './tables.ts'
import { optionsOf } from './wanted.ts'

/** `name:description`, as _describe takes it: a colon within the name would end it. */
const described = (name: string, description: string): string => `${name.replaceAll(':', '\\:')}:${description}`

const describedOption = ({ names, description }: OptionAccount): string[] =>
  names.map((name) => described(name, description))

const replying = (lines: readonly string[]): string =>
  `reply=(\n${lines.map((line) => `      ${quoteForShell(line)}\n`).join('')}    )`

/** Completion for zsh: `script` is resources/completions/_mole. */
export const renderZshCompletion = (script: string, top: VerbAccount): string =>
  fill(script, {
    verbs: verbArms(top, ({ verbs }) => verbs.map(({ name, summary }) => described(name, summary)), replying),
    options: verbArms(top, (verb) => optionsOf(verb).flatMap(describedOption), replying),
    wanted: wantedArms(top),
  })
