import { resolve } from 'node:path'
import { MoleError } from '../../contract/errors.ts'
import { mergeValues } from '../../domain/config/merge.ts'
import { namesFile } from '../../domain/config/names-file.ts'
import { valuesOfPlan } from '../../domain/config/plan-of.ts'
import { renderDocument } from '../../domain/config/render-document.ts'
import type { ConfigValues } from '../../domain/config/schema.ts'
import { addConfigFlags, type ConfigFlagOptions, documentValues, flagValuesOf } from '../config-flags.ts'
import { parseProfileName } from '../config-request.ts'
import { engineOfDeployment } from '../engine-of-deployment.ts'
import { EXIT } from '../exit-codes.ts'
import { firstEvent } from '../first-event.ts'
import { judgeProfile, refusedDocument } from '../judge-document.ts'
import { noteNotInForce } from '../note-not-in-force.ts'
import { renderSaved } from '../render-saved.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import type { World } from '../world.ts'

type Options = ConfigFlagOptions & {
  readonly extends?: string
  readonly description?: string
  readonly fromCurrent?: boolean
}

const EXAMPLES = [
  'mole create-profile research-vpc --vpc vpc-12345 --tunnels 4',
  'mole create-profile lab-a --target lab --tunnels 4 --path-rate 500M --description "four fast paths"',
  'mole create-profile big --extends dtn --tunnels 8',
  'mole create-profile as-it-is --from-current       # what is up now',
]

const nothingUp = (): MoleError =>
  new MoleError('conflict', 'Nothing is deployed that a profile could be made from.', {
    field: '--from-current',
    meaning: 'Nothing was saved.',
    nextStep: 'Leave out --from-current, or deploy first: mole up',
  })

/** What is up, as a document would ask for it. */
const currentValues = async (world: World): Promise<ConfigValues> => {
  const engine = await engineOfDeployment(world)
  const view = await firstEvent(engine.stream('deployment.watch', {}))
  if (view === null || view.plan === null || view.phase === 'none') throw nothingUp()
  return valuesOfPlan(view.plan)
}

/** A file is named from where the person stands; the profile will lie elsewhere. */
const parentOf = (given: string): string => (namesFile(given) ? resolve(given) : given)

const render = (options: Options, values: ConfigValues): string =>
  renderDocument({
    extends: options.extends === undefined ? null : parentOf(options.extends),
    description: options.description ?? null,
    values,
  })

/** `mole create-profile`: what to connect to, under a name. */
export const addCreateProfile: AddVerb = (program, toolbox) => {
  const { world } = toolbox
  const command = program
    .command('create-profile')
    .summary('save how to connect, under a name')
    .description(
      'Saves what the options say as a profile, for "mole connect NAME" and the panel. Whatever they do not say comes from what it extends, your configuration, or the defaults, each time it is used. Nothing is written over. Every other key: "mole profiles edit NAME".',
    )
    .argument('<name>', 'lower-case letters, digits, "-" and "_"')
    .option('--extends <base>', 'build on default, dtn, research or a YAML file')
    .option('--description <text>', 'what it is for, in a sentence')
    .option('--from-current', 'take the plan of what is up; the other options win over it')
  addConfigFlags(command)
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, options, [operand = '']) => {
    const name = parseProfileName(operand, '<name>')
    const flags = documentValues(flagValuesOf(options))
    const base = options.fromCurrent === true ? await currentValues(world) : {}
    const text = render(options, mergeValues(base, flags))
    const judged = await judgeProfile(world, name, text)
    if (judged.problems.length > 0) throw refusedDocument(judged.problems, 'Nothing was saved.')
    const { revision } = await world.profiles.create(name, text)
    noteNotInForce(report, judged.notInForce)
    report.result({ name, revision, text }, renderSaved(name))
    return EXIT.ok
  })
}
