import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { MoleError } from '../../contract/errors.ts'
import type { ConfigDocument } from '../../domain/config/document.ts'
import { findKey, valuesOf } from '../../domain/config/keys.ts'
import { mergeValues } from '../../domain/config/merge.ts'
import { planOf } from '../../domain/config/plan-of.ts'
import { type ConfigProblem, renderProblem } from '../../domain/config/problem.ts'
import {
  type ConfigValue,
  type Layer,
  type OriginKind,
  type Resolved,
  resolveLayers,
} from '../../domain/config/resolve.ts'
import type { Config, ConfigValues } from '../../domain/config/schema.ts'
import type { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import type { Paths } from '../paths.ts'
import { observeFile } from '../profiles/observe-file.ts'
import { openProfileFiles } from '../profiles/profile-files.ts'
import { explainFileError, noSuchFile, tooLarge, unusableText } from '../profiles/refusals.ts'
import { type Environment, readEnvironment } from './environment.ts'
import { type Chain, type Origin, readChain } from './extends-chain.ts'

/** A value that an option of a command gives to a key. */
export type FlagValue = { readonly flag: string; readonly path: string; readonly value: unknown }

export type ConfigRequest = {
  readonly paths: Paths
  readonly environment: Environment
  /** Name of the saved profile in whose light it is asked for. */
  readonly profile?: string
  /** A document in a profile's place: a file … */
  readonly file?: string
  /** … or a text that is not saved, with what it is called and where relative paths in it begin. */
  readonly document?: Origin
  readonly flags?: readonly FlagValue[]
}

export type LoadedConfig = Resolved & {
  /** Keys that somebody set away from their default, and that no deployment of this version acts on. */
  readonly notInForce: readonly ConfigValue[]
  /** What the profile, or the document in its place, says of itself. */
  readonly document: Pick<ConfigDocument, 'extends' | 'description'> | null
}

const NO_CHAIN: Chain = { own: null, ancestors: [], problems: [] }

const userConfigPath = (paths: Paths): string => join(paths.config, 'config.yaml')

const readFileOrigin = async (path: string, isNeeded: boolean): Promise<Origin | null> => {
  const file = await observeFile(path).catch((error: unknown) => {
    throw explainFileError(error, path, 'read')
  })
  if (file === null) {
    if (isNeeded) throw noSuchFile(path)
    return null
  }
  if (file.bytes === null) throw tooLarge(path)
  // Made but not written yet (touch(1)): it says nothing. A profile that is empty has lost its text.
  if (file.bytes.length === 0 && !isNeeded) return null
  if (file.text === null) throw unusableText(`The file ${path} holds no text`)
  return { text: file.text, source: path, directory: dirname(path) }
}

const readProfileOrigin = async (paths: Paths, name: string): Promise<Origin> => {
  const files = openProfileFiles(paths)
  const { text } = await files.read(name)
  return { text, source: join(files.directory, `${name}.yaml`), directory: files.directory }
}

const originOf = ({ paths, profile, file, document }: ConfigRequest): Promise<Origin | null> | Origin | null => {
  if (document !== undefined) return document
  if (file !== undefined) return readFileOrigin(file, true)
  return profile === undefined ? null : readProfileOrigin(paths, profile)
}

const documentLayer =
  (kind: OriginKind) =>
  ({ source, values, places }: ConfigDocument): Layer => ({
    kind,
    values,
    where: (path) => ({ source, place: places.get(path) ?? null }),
  })

const flagLayer = (flags: readonly FlagValue[]): Layer => ({
  kind: 'flag',
  values: flags.map(({ path, value }) => valuesOf(path, value)).reduce<ConfigValues>(mergeValues, {}),
  where: (path) => ({ source: flags.findLast((flag) => flag.path === path)?.flag ?? 'option', place: null }),
})

const own = (kind: OriginKind, chain: Chain): Layer[] => (chain.own === null ? [] : [documentLayer(kind)(chain.own)])

/** `80%` and `0.8` are one value. */
const isDefault = ({ path, value }: ConfigValue): boolean => {
  const key = findKey(path)
  const typed = (written: unknown): unknown => key?.schema.safeParse(written).data
  return isDeepStrictEqual(typed(value), typed(key?.fallback))
}

/**
 * The effective configuration: built-in defaults < what the user's configuration and the profile extend < the user's
 * configuration < the profile (or the document in its place) < `MOLE_*` < flags. What people wrote wrongly is in
 * `problems`, with its place.
 * @throws MoleError `not-found` and others for what cannot be read at all.
 */
export const loadConfig = async (request: ConfigRequest): Promise<LoadedConfig> => {
  const [userOrigin, origin] = await Promise.all([
    readFileOrigin(userConfigPath(request.paths), false),
    originOf(request),
  ])
  const user = userOrigin === null ? NO_CHAIN : await readChain(userOrigin)
  const profile = origin === null ? NO_CHAIN : await readChain(origin)
  const environment = readEnvironment(request.environment)
  const layers = [
    ...[...user.ancestors, ...profile.ancestors].map(documentLayer('extends')),
    ...own('user', user),
    ...own('profile', profile),
    environment.layer,
    flagLayer(request.flags ?? []),
  ]
  const resolved = resolveLayers(layers)
  const problems: ConfigProblem[] = [...user.problems, ...profile.problems, ...environment.problems]
  // Rules over several keys are judged only where every document could be read whole.
  const all = problems.length > 0 ? problems : [...resolved.problems]
  return {
    config: all.length === 0 ? resolved.config : null,
    values: resolved.values,
    problems: all,
    notInForce: resolved.values.filter((value) => !value.inForce && value.origin !== 'default' && !isDefault(value)),
    document: profile.own,
  }
}

const refusal = ([first, ...more]: readonly ConfigProblem[]): MoleError => {
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`
  return new MoleError(
    'bad-input',
    `${first === undefined ? 'The configuration has problems' : renderProblem(first)}${others}`,
    {
      field: first?.key ?? 'document',
      meaning: 'Nothing was changed.',
      nextStep: first?.nextStep ?? 'Correct it and try again.',
    },
  )
}

/**
 * The configuration, where it has no problems.
 * @throws MoleError `bad-input` with the first problem (`file:line:column: key: what`) and how many more there are.
 */
export const configOf = ({ config, problems }: LoadedConfig): Config => {
  if (config === null) throw refusal(problems)
  return config
}

/** The deployment that a configuration asks for. @throws MoleError `bad-input` as `configOf` does. */
export const deployableOf = (loaded: LoadedConfig): DeploymentPlan => planOf(configOf(loaded))
