import { MoleError } from '../../../contract/errors.ts'
import type { ConfigProblem } from '../../../domain/config/problem.ts'
import { documentSource } from '../../config-request.ts'
import { EXIT } from '../../exit-codes.ts'
import { noteNotInForce } from '../../note-not-in-force.ts'
import { renderConfigProblem } from '../../render-problem.ts'
import { type AddVerb, finishVerb } from '../../verb.ts'
import type { World } from '../../world.ts'

const EXAMPLES = [
  'mole config check ~/.config/mole/profiles/*.yaml',
  'mole config check - < research.yaml',
  'mole config check research.yaml --json | jq ".files[].problems"',
]

type Checked = {
  readonly file: string
  readonly problems: readonly ConfigProblem[]
  readonly notInForce: readonly string[]
}

/** A file that cannot be read must not keep the others from being checked. */
const unreadable = (file: string, error: unknown): Checked => {
  if (!(error instanceof MoleError)) throw error
  const { message, data } = error
  const problem = { source: file, place: null, key: 'document', message: message.replace(/\.$/, '') }
  return { file, problems: [{ ...problem, nextStep: data.nextStep ?? null }], notInForce: [] }
}

const check = async (world: World, file: string): Promise<Checked> => {
  try {
    const source = await documentSource(world, file)
    const { problems, notInForce } = await world.config.load({ ...source, ignoresEnvironment: true })
    return { file, problems, notInForce: notInForce.map(({ path }) => path) }
  } catch (error) {
    return unreadable(file, error)
  }
}

/** `mole config check`: everything that is wrong with documents, at once. */
export const addConfigCheck: AddVerb = (group, toolbox) => {
  const { world } = toolbox
  const command = group
    .command('check')
    .summary('find what is wrong with configuration files')
    .description(
      'Checks configuration documents with everything they extend, over your own configuration: a line for each problem, "file:line:column: key: what is wrong", and exit code 2 where there is any. Variables of this shell are left out. Keys that are not yet in force are named on stderr.',
    )
    .argument('<file...>', 'profile or configuration; - is stdin')
  finishVerb(command, toolbox, EXAMPLES, async (report, _options, operands) => {
    const files = []
    for (const file of operands) files.push(await check(world, file))
    const problems = files.flatMap((each) => each.problems)
    report.result({ valid: problems.length === 0, files }, [...new Set(problems.map(renderConfigProblem))].join('\n'))
    for (const { file, notInForce } of files)
      noteNotInForce(
        report,
        notInForce.map((path) => ({ path })),
        `${file}: `,
      )
    if (problems.length === 0)
      report.note(files.length === 1 ? 'No problems.' : `No problems in ${files.length} files.`)
    return problems.length === 0 ? EXIT.ok : EXIT.badInput
  })
}
