import { MoleError } from '../contract/errors.ts'
import type { ConfigProblem } from '../domain/config/problem.ts'
import type { LoadedConfig } from '../engine/config/load.ts'
import { renderConfigProblem } from './render-problem.ts'
import type { World } from './world.ts'

/** What a text would come to if it were saved as the profile `name`: this shell's `MOLE_*` are no part of it. */
export const judgeProfile = (world: World, name: string, text: string): Promise<LoadedConfig> =>
  world.config.load({
    document: { text, source: `${name}.yaml`, directory: world.profiles.directory },
    ignoresEnvironment: true,
  })

/** A document that is not accepted: every problem, a line each. `meaning` is what became of it. */
export const refusedDocument = (problems: readonly ConfigProblem[], meaning: string): MoleError => {
  const [first, ...more] = problems.map(renderConfigProblem)
  const field = problems[0]?.key ?? 'document'
  return new MoleError('bad-input', first ?? 'The document is not acceptable.', {
    field: field.slice(0, 200),
    meaning: [...more, meaning].join('\n  ').slice(-2000),
    nextStep: more.length === 0 ? 'Correct it and try again.' : `Correct all ${problems.length} and try again.`,
  })
}
