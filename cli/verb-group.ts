import type { AddVerb } from './verb.ts'

export type VerbGroup = {
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly verbs: readonly AddVerb[]
}

/** Verbs under one word: `mole lab traffic`. */
export const verbGroup =
  ({ name, summary, description, verbs }: VerbGroup): AddVerb =>
  (program, toolbox) => {
    const group = program.command(name).summary(summary).description(description)
    for (const add of verbs) add(group, toolbox)
    // A group without a verb shows its help, which commander takes for an error.
    group.configureOutput({ outputError: () => {}, writeErr: toolbox.world.stdout })
  }
