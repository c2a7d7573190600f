import { basename, dirname } from 'node:path'
import { parseProfileName } from '../../config-request.ts'
import { EXIT } from '../../exit-codes.ts'
import { type AddVerb, finishVerb } from '../../verb.ts'

type Options = { readonly output?: string }

const EXAMPLES = [
  'mole profiles export research-vpc > research-vpc.yaml',
  'mole profiles export research-vpc --output for-anna.yaml',
]

/** `mole profiles export`: a profile for somebody else. It holds no key and no secret. */
export const addProfilesExport: AddVerb = (group, toolbox) => {
  const { world } = toolbox
  const command = group
    .command('export')
    .summary('print one, or write it to a new file, for somebody else')
    .description(
      'Prints a profile byte by byte, or writes it to a new file, for "mole profiles import" elsewhere. A profile holds no keys. What it "extends" by file name is not in it.',
    )
    .argument('<name>', 'name of the profile')
    .option('-o, --output <file>', 'write it to this new file')
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, { output }, [operand = '']) => {
    const name = parseProfileName(operand, '<name>')
    const { text, revision } = await world.profiles.read(name)
    if (output === undefined) {
      if (report.isJson) report.result({ name, revision, text }, '')
      else world.stdout(text)
      return EXIT.ok
    }
    const [file = output] = await world.writeNewFiles(dirname(output), [{ name: basename(output), text }])
    report.result({ name, revision, file }, file)
    return EXIT.ok
  })
}
