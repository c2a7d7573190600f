import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { MoleError } from '../contract/errors.ts'
import { ProfileName } from '../domain/config/profile-name.ts'
import { addConfigFlags, type ConfigFlagOptions, flagValuesOf } from './config-flags.ts'
import { plainText } from './plain-text.ts'
import { STDIN } from './stdin.ts'
import type { ConfigRequest, World } from './world.ts'

export type ConfigOptions = ConfigFlagOptions & { readonly profile?: string; readonly file?: string }

/** Gives a command the options that say which configuration is meant: a profile or a document, and the flags above it. */
export const addConfigOptions = (command: Command, special: readonly string[] = []): Command => {
  command
    .option('--profile <name>', 'take a saved profile; the other options win over it')
    .option('-f, --file <file.yaml>', "take a configuration document in a profile's place; - is stdin")
  return addConfigFlags(command, special)
}

/** @throws MoleError `bad-input`; `what` is what the person wrote it for, such as `<name>`. */
export const parseProfileName = (text: string, what: string): string => {
  const parsed = ProfileName.safeParse(text)
  if (parsed.success) return parsed.data
  throw new MoleError('bad-input', `${what} ${plainText(text).slice(0, 80)}: ${parsed.error.issues[0]?.message}`, {
    field: what,
    meaning: 'It is no name of a profile. Nothing was changed.',
    nextStep: '"mole profiles" lists the profiles there are.',
  })
}

const bothGiven = (): MoleError =>
  new MoleError('bad-input', '--profile and --file were both given.', {
    field: '--file',
    meaning: "A file takes a profile's place. Nothing was changed.",
    nextStep: 'Give one of them; a file can build on another with "extends".',
  })

type Source = Pick<ConfigRequest, 'profile' | 'document'>

/** A document to be read; paths in what comes from stdin begin where the person stands. @throws MoleError. */
export const documentSource = async (world: Pick<World, 'readText'>, file: string): Promise<Source> => {
  const [source, directory] = file === STDIN ? ['stdin', process.cwd()] : [file, dirname(resolve(file))]
  return { document: { text: await world.readText(file), source, directory } }
}

const sourceOf = async (world: World, { profile, file }: ConfigOptions): Promise<Source> => {
  if (profile !== undefined && file !== undefined) throw bothGiven()
  if (file !== undefined) return documentSource(world, file)
  return profile === undefined ? {} : { profile: parseProfileName(profile, '--profile') }
}

/** The configuration that a command's options ask for. @throws MoleError `bad-input` naming the option. */
export const configRequestOf = async (world: World, options: ConfigOptions): Promise<ConfigRequest> => ({
  flags: flagValuesOf(options),
  ...(await sourceOf(world, options)),
})
