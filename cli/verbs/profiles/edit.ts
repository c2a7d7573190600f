import { MoleError } from '../../../contract/errors.ts'
import { parseProfileName } from '../../config-request.ts'
import { EXIT } from '../../exit-codes.ts'
import { judgeProfile, refusedDocument } from '../../judge-document.ts'
import { noteNotInForce } from '../../note-not-in-force.ts'
import { renderConfigProblem } from '../../render-problem.ts'
import type { Report } from '../../report.ts'
import { type AddVerb, finishVerb } from '../../verb.ts'
import type { Scratch, World } from '../../world.ts'

const EXAMPLES = ['mole profiles edit research-vpc', 'EDITOR="code --wait" mole profiles edit research-vpc']

const CHOICES = [
  { value: 'again', label: 'Edit again' },
  { value: 'keep', label: 'Save it as it is: it cannot be connected until it is mended' },
  { value: 'drop', label: 'Leave the profile as it was' },
] as const

const dropped = (): MoleError =>
  new MoleError('cancelled', 'Not saved.', {
    meaning: 'The profile is as it was.',
    nextStep: 'Give the command again when ready.',
  })

/** Whoever has written something must be able to come back to it. */
const keptIn = (error: unknown, { path }: Scratch): unknown =>
  error instanceof MoleError
    ? new MoleError(error.code, error.message, {
        ...error.data,
        nextStep: `${error.data.nextStep ?? ''} Your text is in ${path}.`.trim(),
      })
    : error

/** The text to save, sound or wanted as it is; `null` when it is the one that was there. @throws MoleError. */
const editUntilSettled = async (
  world: World,
  report: Report,
  scratch: Scratch,
  { name, before }: { readonly name: string; readonly before: string },
): Promise<string | null> => {
  for (;;) {
    const text = await scratch.edit()
    if (text === before) return null
    const { problems, notInForce } = await judgeProfile(world, name, text).catch((error: unknown) => {
      throw keptIn(error, scratch)
    })
    if (problems.length === 0) {
      noteNotInForce(report, notInForce)
      return text
    }
    if (!world.isInteractive)
      throw refusedDocument(problems, `The profile is as it was. Your text is in ${scratch.path}.`)
    for (const problem of problems) report.note(renderConfigProblem(problem))
    const choice = await world.choose('It has problems. What now?', CHOICES)
    if (choice === 'keep') return text
    if (choice === 'drop') await scratch.remove()
    if (choice !== 'again') throw choice === 'drop' ? dropped() : keptIn(dropped(), scratch)
  }
}

/** `mole profiles edit`: a profile in the person's own editor. */
export const addProfilesEdit: AddVerb = (group, toolbox) => {
  const { world } = toolbox
  const command = group
    .command('edit')
    .summary('edit one in your editor')
    .description(
      'Opens a copy of a profile, readable by you alone, in $VISUAL, $EDITOR or vi, and checks it when the editor ends. What has problems is shown with line and column: edit again, save it as it is, or leave the profile as it was.\nWhen somebody else has saved it meanwhile, theirs is kept and you are told where yours is.',
    )
    .argument('<name>', 'name of the profile')
  finishVerb(command, toolbox, EXAMPLES, async (report, _options, [operand = '']) => {
    const name = parseProfileName(operand, '<name>')
    const { text: before, revision } = await world.profiles.read(name)
    const scratch = await world.openScratch(`${name}.yaml`, before)
    const text = await editUntilSettled(world, report, scratch, { name, before })
    if (text === null) report.result({ name, changed: false, revision }, `${name} is as it was.`)
    else {
      const saved = await world.profiles.write(name, text, revision).catch((error: unknown) => {
        throw keptIn(error, scratch)
      })
      report.result({ name, changed: true, revision: saved.revision }, `${name} is saved.`)
    }
    await scratch.remove()
    return EXIT.ok
  })
}
