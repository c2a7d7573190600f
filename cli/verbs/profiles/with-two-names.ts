import { parseProfileName } from '../../config-request.ts'
import { EXIT } from '../../exit-codes.ts'
import { type AddVerb, finishVerb } from '../../verb.ts'
import type { World } from '../../world.ts'

type Words = {
  readonly name: 'rename' | 'duplicate'
  readonly summary: string
  readonly description: string
  done(name: string, to: string): string
}

const RENAME: Words = {
  name: 'rename',
  summary: 'give one another name',
  description: 'Gives a profile another name. A deployment that is up by it is not touched.',
  done: (name, to) => `${name} is now called ${to}.`,
}

const DUPLICATE: Words = {
  name: 'duplicate',
  summary: 'make a copy under another name',
  description: 'Makes a copy of a profile under another name.',
  done: (name, to) => `${to} is a copy of ${name}.`,
}

const addWithTwoNames =
  (words: Words, act: (profiles: World['profiles']) => (name: string, to: string) => Promise<void>): AddVerb =>
  (group, toolbox) => {
    const { world } = toolbox
    const command = group
      .command(words.name)
      .summary(words.summary)
      .description(words.description)
      .argument('<name>', 'name of the profile')
      .argument('<to>', 'the other name, which must be free')
    const examples = [`mole profiles ${words.name} research-vpc research-2`]
    finishVerb(command, toolbox, examples, async (report, _options, [from = '', target = '']) => {
      const [name, to] = [parseProfileName(from, '<name>'), parseProfileName(target, '<to>')]
      await act(world.profiles)(name, to)
      report.result({ name, to }, words.done(name, to))
      return EXIT.ok
    })
  }

/** `mole profiles rename`. */
export const addProfilesRename: AddVerb = addWithTwoNames(RENAME, ({ rename }) => rename)
/** `mole profiles duplicate`. */
export const addProfilesDuplicate: AddVerb = addWithTwoNames(DUPLICATE, ({ duplicate }) => duplicate)
