import type { ConfigValue } from '../../../domain/config/resolve.ts'
import { addConfigOptions, type ConfigOptions, configRequestOf } from '../../config-request.ts'
import { EXIT } from '../../exit-codes.ts'
import { findPaths } from '../../find-keys.ts'
import { noteNotInForce } from '../../note-not-in-force.ts'
import { plainText } from '../../plain-text.ts'
import { renderOrigin } from '../../render-origin.ts'
import { renderConfigProblem } from '../../render-problem.ts'
import { renderValue } from '../../render-value.ts'
import { type AddVerb, finishVerb } from '../../verb.ts'

type Options = ConfigOptions & { readonly origin?: boolean }

const EXAMPLES = [
  'mole config show --origin                              # everything, and who said it',
  'mole config show tunnel deployment.target',
  'mole config show --profile research-vpc --tunnels 2    # what "mole up" with these options would use',
]

/** `mole config show`: the configuration in force. */
export const addConfigShow: AddVerb = (group, toolbox) => {
  const { world } = toolbox
  const command = group
    .command('show')
    .summary('print the configuration in force, and where each value is from')
    .description(
      'Prints the configuration in force, "key=value" a line; with --origin who said it comes first, then a tab. From the highest: options, MOLE_* variables, the profile or document, your configuration, what either extends, the defaults.',
    )
    .argument('[key...]', 'only these keys or sections')
    .option('--origin', 'say for each value where it comes from')
  addConfigOptions(command)
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, { origin = false, ...options }, keys) => {
    const wanted = new Set(keys.flatMap(findPaths))
    const isWanted = ({ path }: ConfigValue): boolean => wanted.size === 0 || wanted.has(path)
    const { values: all, problems, notInForce } = await world.config.load(await configRequestOf(world, options))
    const values = all.filter(isWanted)
    const line = (value: ConfigValue): string => {
      const text = `${value.path}=${renderValue(value.value)}`
      return origin ? `${plainText(renderOrigin(value, world.home))}\t${text}` : text
    }
    report.result({ valid: problems.length === 0, values, problems }, values.map(line).join('\n'))
    noteNotInForce(report, notInForce.filter(isWanted))
    for (const problem of problems) report.note(renderConfigProblem(problem))
    return problems.length === 0 ? EXIT.ok : EXIT.badInput
  })
}
