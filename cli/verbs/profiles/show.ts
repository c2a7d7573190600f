import { parseProfileName } from '../../config-request.ts'
import { EXIT } from '../../exit-codes.ts'
import { plainText } from '../../plain-text.ts'
import { accountOf } from '../../profile-account.ts'
import { renderConfigProblem } from '../../render-problem.ts'
import { type AddVerb, finishVerb } from '../../verb.ts'

/** Control characters but tab and line feed: a terminal would obey them. */
const safe = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => line.split('\t').map(plainText).join('\t'))
    .join('\n')

/** `mole profiles show`: one profile, as it is written. */
export const addProfilesShow: AddVerb = (group, toolbox) => {
  const { world } = toolbox
  const command = group
    .command('show')
    .summary('print one as it is written, with its problems')
    .description('Prints a profile as it is written; its problems, and keys that are not yet in force, on stderr.')
    .argument('<name>', 'name of the profile')
  finishVerb(command, toolbox, ['mole profiles show research-vpc'], async (report, _options, [operand = '']) => {
    const name = parseProfileName(operand, '<name>')
    const { text } = await world.profiles.read(name)
    const file = (await world.profiles.list()).profiles.find((each) => each.name === name)
    const account = file === undefined ? { name } : await accountOf(world, file)
    report.result({ profile: { ...account, text } }, safe(text).replace(/\n$/, ''))
    if (!('problems' in account)) return EXIT.ok
    for (const problem of account.problems) report.note(renderConfigProblem(problem))
    return EXIT.ok
  })
}
