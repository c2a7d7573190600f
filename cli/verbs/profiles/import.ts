import { basename, dirname, extname, isAbsolute, resolve } from 'node:path'
import { MoleError } from '../../../contract/errors.ts'
import { editDocument } from '../../../domain/config/edit-document.ts'
import { namesFile } from '../../../domain/config/names-file.ts'
import { parseConfigDocument } from '../../../domain/config/parse-document.ts'
import { parseProfileName } from '../../config-request.ts'
import { EXIT } from '../../exit-codes.ts'
import { judgeProfile, refusedDocument } from '../../judge-document.ts'
import { noteNotInForce } from '../../note-not-in-force.ts'
import { renderSaved } from '../../render-saved.ts'
import { STDIN } from '../../stdin.ts'
import { type AddVerb, finishVerb } from '../../verb.ts'

type Options = { readonly as?: string }

const EXAMPLES = [
  'mole profiles import research-vpc.yaml',
  'ssh dtn mole profiles export lab | mole profiles import - --as lab',
]

/** wg-quick(8): an `[Interface]` section, which no YAML mapping has. */
const isWgQuick = (text: string): boolean => /^\s*\[(interface|peer)\]\s*$/im.test(text)

const wgQuick = (file: string): MoleError =>
  new MoleError('bad-input', `${file} is a wg-quick file, not a profile.`, {
    field: file,
    meaning:
      'It describes one finished tunnel with its keys. A profile says which tunnels to make; their keys are made anew each time. Nothing was saved.',
    nextStep: `Make a profile for the same network: mole create-profile NAME --private-cidr CIDR. The file itself is used with: wg-quick up ${file}`,
  })

const nameOf = (file: string, as: string | undefined): string => {
  if (as !== undefined) return parseProfileName(as, '--as')
  if (file !== STDIN) return parseProfileName(basename(file, extname(file)), '--as')
  throw new MoleError('bad-input', 'What comes from stdin has no name.', {
    field: '--as',
    meaning: 'Nothing was saved.',
    nextStep: 'Give it one: mole profiles import - --as NAME',
  })
}

/**
 * A path in `extends` begins at the directory of the document that names it, and the profile lies in another one: it is
 * written out, so that it goes on meaning the same file. What is no YAML is told of afterwards, as it was given.
 */
const withLastingParent = (text: string, file: string): string => {
  const parent = parseConfigDocument(text, file).document?.extends ?? null
  if (parent === null || isAbsolute(parent) || !namesFile(parent)) return text
  const directory = file === STDIN ? process.cwd() : dirname(file)
  return editDocument(text, [{ path: 'extends', value: resolve(directory, parent) }])
}

/** `mole profiles import`: a document of somebody else's becomes a profile. */
export const addProfilesImport: AddVerb = (group, toolbox) => {
  const { world } = toolbox
  const command = group
    .command('import')
    .summary('make a profile of a YAML document')
    .description(
      'Makes a profile of a configuration document (YAML), after checking it. It is called like the file, unless --as says otherwise; nothing is written over. - is stdin.',
    )
    .argument('<file>', 'the document; - is stdin')
    .option('--as <name>', 'name of the profile')
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, { as }, [file = '']) => {
    const given = await world.readText(file)
    if (isWgQuick(given)) throw wgQuick(file)
    const name = nameOf(file, as)
    const text = withLastingParent(given, file)
    const judged = await judgeProfile(world, name, text)
    if (judged.problems.length > 0) throw refusedDocument(judged.problems, 'Nothing was saved.')
    const { revision } = await world.profiles.create(name, text)
    noteNotInForce(report, judged.notInForce)
    report.result({ name, revision }, renderSaved(name))
    return EXIT.ok
  })
}
