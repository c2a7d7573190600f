import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { MoleError } from '../../../contract/errors.ts'
import { AwsRegion } from '../../../domain/aws-plan.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Name of a section, `profile x` or `x`, and what it says. */
type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>

/**
 * The sections of ~/.aws/config or ~/.aws/credentials. Indented lines belong to a key above and are left out.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
export const parseSharedFile = (text: string): Sections => {
  const sections = new Map<string, Map<string, string>>()
  let section: Map<string, string> | null = null
  for (const line of text.split(/\r?\n/)) {
    const title = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line)?.[1]
    if (title !== undefined) {
      const name = title.replace(/\s+/g, ' ').replace(/^profile (?:"(.*)"|'(.*)')$/, 'profile $1$2')
      section = sections.get(name) ?? new Map<string, string>()
      sections.set(name, section)
      continue
    }
    const [, key, value] = /^([^\s#;=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (key !== undefined && value !== undefined) section?.set(key, value.replace(/\s+[#;].*$/, ''))
  }
  return sections
}

/** A file that is not there, or not ours to read, says nothing: then the SDK's own words tell what is wrong. */
const read = async (path: string): Promise<Sections> => parseSharedFile(await readFile(path, 'utf8').catch(() => ''))

const observeFiles = async (environment: Environment): Promise<{ config: Sections; credentials: Sections }> => {
  const home = environment.HOME ?? homedir()
  const [config, credentials] = await Promise.all([
    read(environment.AWS_CONFIG_FILE ?? join(home, '.aws', 'config')),
    read(environment.AWS_SHARED_CREDENTIALS_FILE ?? join(home, '.aws', 'credentials')),
  ])
  return { config, credentials }
}

/** In ~/.aws/config `default` stands alone, others after the word `profile`; other sections are no profiles. */
const profileOfTitle = (title: string): string[] =>
  title === 'default' ? ['default'] : title.startsWith('profile ') ? [title.slice('profile '.length)] : []

/** Names of the credentials profiles there are, `default` first, the rest by the alphabet. */
export const observeProfiles = async (environment: Environment = process.env): Promise<string[]> => {
  const { config, credentials } = await observeFiles(environment)
  const names = new Set([...[...config.keys()].flatMap(profileOfTitle), ...credentials.keys()])
  const others = [...names].filter((name) => name !== 'default' && /^[^\s[\]]{1,100}$/.test(name))
  return [...(names.has('default') ? ['default'] : []), ...others.sort((a, b) => a.localeCompare(b, 'en'))]
}

const noRegion = (profile: string | null): MoleError =>
  new MoleError('bad-input', 'No AWS region is given.', {
    field: 'aws.region',
    meaning: `Neither the configuration, nor AWS_REGION, nor the profile ${profile === null ? '' : `"${profile}" `}in ~/.aws/config names one.`,
    nextStep: 'Name one, for example: --region us-west-2.',
  })

/**
 * The region meant where none is named: that of the environment, else of the credentials profile. The files are read
 * anew each time, because they change while the engine lives.
 * @param profile `null` for the profile of the environment (`AWS_PROFILE`), or `default`
 * @throws MoleError `bad-input` when there is none, or it is not spelt like one.
 */
export const regionOf = async (profile: string | null, environment: Environment = process.env): Promise<string> => {
  const name = profile ?? environment.AWS_PROFILE ?? 'default'
  const { config, credentials } = await observeFiles(environment)
  const ofProfile =
    config.get(name === 'default' && config.has('default') ? 'default' : `profile ${name}`)?.get('region') ??
    credentials.get(name)?.get('region')
  const region = environment.AWS_REGION || environment.AWS_DEFAULT_REGION || ofProfile
  if (region === undefined || region === '') throw noRegion(profile)
  const parsed = AwsRegion.safeParse(region)
  if (parsed.success) return parsed.data
  throw new MoleError('bad-input', `"${region.slice(0, 60)}" is not an AWS region.`, {
    field: 'aws.region',
    meaning: 'AWS_REGION, or the profile in ~/.aws/config, names it.',
    nextStep: 'Name one such as us-west-2: --region us-west-2.',
  })
}
