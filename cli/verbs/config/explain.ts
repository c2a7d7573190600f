import { describeType } from '../../../domain/config/describe-type.ts'
import { CONFIG_SECTIONS, type ConfigKey, findKey } from '../../../domain/config/keys.ts'
import type { ConfigValue } from '../../../domain/config/resolve.ts'
import { flagOfKey } from '../../config-flags.ts'
import { configRequestOf } from '../../config-request.ts'
import { EXIT } from '../../exit-codes.ts'
import { findPaths, isWithin } from '../../find-keys.ts'
import { plainText } from '../../plain-text.ts'
import { renderOrigin } from '../../render-origin.ts'
import { renderConfigProblem } from '../../render-problem.ts'
import { renderValue } from '../../render-value.ts'
import { renderTable } from '../../table.ts'
import { type AddVerb, finishVerb } from '../../verb.ts'

type Options = { readonly profile?: string; readonly file?: string }

const EXAMPLES = ['mole config explain tunnel.mtu', 'mole config explain mptcp', 'mole config explain']

const NOT_IN_FORCE = 'not yet in force: accepted and kept, but no deployment of this version acts on it'

type Account = {
  readonly key: string
  readonly description: string
  readonly type: string
  readonly default: unknown
  readonly value: unknown
  readonly origin: string
  readonly environment: string
  readonly flag: string | null
  readonly inForce: boolean
  readonly effect: string | null
}

const accountOf = (key: ConfigKey, value: ConfigValue | undefined, home: string): Account => ({
  key: key.path,
  description: key.description,
  type: describeType(key.schema),
  default: key.fallback,
  value: value === undefined ? key.fallback : value.value,
  origin: value === undefined ? 'default' : renderOrigin(value, home),
  environment: key.environment,
  flag: flagOfKey(key.path),
  inForce: key.effect !== null,
  effect: key.effect,
})

const renderKey = (account: Account): string => {
  const rows = [
    ['type', account.type],
    ['default', renderValue(account.default)],
    ['value now', `${renderValue(account.value)}  (${plainText(account.origin)})`],
    ['environment', account.environment],
    ...(account.flag === null ? [] : [['option', account.flag]]),
    ['effect', account.effect ?? NOT_IN_FORCE],
  ]
  return `${account.key}\n  ${account.description}\n\n${renderTable(rows, '  ')}`
}

const renderSection = (path: string, description: string, accounts: readonly Account[]): string => {
  const rows = accounts
    .filter(({ key }) => isWithin(key, path))
    .map(({ key, value, inForce, description: text }) => [
      key,
      renderValue(value),
      inForce ? text : `${text} (not yet in force)`,
    ])
  return `${path}: ${description}\n${renderTable(rows, '  ')}`
}

const render = (given: string | undefined, accounts: readonly Account[]): string => {
  const [only] = accounts
  if (given !== undefined && only?.key === given) return renderKey(only)
  const sections = CONFIG_SECTIONS.filter(({ path }) => (given === undefined ? !path.includes('.') : path === given))
  return sections.map(({ path, description }) => renderSection(path, description, accounts)).join('\n\n')
}

/** `mole config explain`: what a key does, and how it is set. */
export const addConfigExplain: AddVerb = (group, toolbox) => {
  const { world } = toolbox
  const command = group
    .command('explain')
    .summary('tell what a key means, how it is set and what it does')
    .description(
      'Tells what a key means, what may be written, its default, its variable and option, its value now and who said it, and what it does in this version. Of a section, its keys; without one, all.',
    )
    .argument('[key]', 'a key such as tunnel.mtu, or a section such as tunnel')
    .option('--profile <name>', 'with the values of a saved profile')
    .option('-f, --file <file.yaml>', "with the values of a document in a profile's place; - is stdin")
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, options, [given]) => {
    const paths = given === undefined ? CONFIG_SECTIONS.flatMap(({ path }) => findPaths(path)) : findPaths(given)
    const { values, problems } = await world.config.load(await configRequestOf(world, options))
    const accounts = [...new Set(paths)].flatMap((path) => {
      const key = findKey(path)
      const value = values.find((each) => each.path === path)
      return key === null ? [] : [accountOf(key, value, world.home)]
    })
    report.result({ keys: accounts }, render(given, accounts))
    for (const problem of problems) report.note(renderConfigProblem(problem))
    return EXIT.ok
  })
}
