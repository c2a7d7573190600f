import { z } from 'zod'
import { CONFIG_KEYS, valueAt } from './keys.ts'
import { mergeValues } from './merge.ts'
import { type ConfigProblem, type Place, renderPlace } from './problem.ts'
import { crossProblems } from './rules.ts'
import { Config, type ConfigValues } from './schema.ts'

/** Where a value came from, in order of precedence, lowest first. */
export const OriginKind = z.enum(['default', 'extends', 'user', 'profile', 'environment', 'flag'])
export type OriginKind = z.infer<typeof OriginKind>

/** One source of values. */
export type Layer = {
  readonly kind: OriginKind
  readonly values: ConfigValues
  /** Source and place of a key this layer sets. */
  where(path: string): { readonly source: string; readonly place: Place | null }
}

/** One key's effective value, as it would be written, and who said it. */
export const ConfigValue = z.strictObject({
  path: z.string(),
  value: z.json(),
  origin: OriginKind,
  /** `~/.config/mole/config.yaml:3:8`, `MOLE_TUNNEL_MTU`, `--mtu`; `built in` for defaults. */
  where: z.string(),
  /** The key does something in this version. */
  inForce: z.boolean(),
})
export type ConfigValue = z.infer<typeof ConfigValue>

export type Resolved = {
  /** `null` when there are problems. */
  readonly config: Config | null
  readonly values: readonly ConfigValue[]
  readonly problems: readonly ConfigProblem[]
}

const BUILT_IN: Layer = { kind: 'default', values: {}, where: () => ({ source: 'built in', place: null }) }

/** The layer that has the last word on a key. */
const speaker = (layers: readonly Layer[], path: string): Layer =>
  layers.findLast((layer) => valueAt(layer.values, path) !== undefined) ?? BUILT_IN

const toProblem = (
  layers: readonly Layer[],
  path: string,
  message: string,
  nextStep: string | null,
): ConfigProblem => ({
  ...speaker(layers, path).where(path),
  key: path,
  message,
  nextStep,
})

/** Of a list's entry the list is what is known to the layers. */
const keyOfIssue = (path: readonly PropertyKey[]): string =>
  path
    .filter((part) => typeof part !== 'number')
    .map(String)
    .join('.')

/**
 * The effective configuration of `layers`, lowest first, over the built-in defaults, with the origin of every value.
 * Rules over several keys (`tunnel.min_tunnels` ≤ `tunnel.max_tunnels`) are judged here, on the whole. Pure.
 */
export const resolveLayers = (layers: readonly Layer[]): Resolved => {
  const merged = layers.map(({ values }) => values).reduce(mergeValues, {})
  const values = CONFIG_KEYS.map(({ path, fallback, effect }): ConfigValue => {
    const layer = speaker(layers, path)
    const { source, place } = layer.where(path)
    const value = valueAt(merged, path)
    return {
      path,
      value: (value === undefined ? fallback : value) as ConfigValue['value'],
      origin: layer.kind,
      where: renderPlace(source, place),
      inForce: effect !== null,
    }
  })
  const parsed = Config.safeParse(merged)
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => toProblem(layers, keyOfIssue(path), message, null))
    return { config: null, values, problems }
  }
  const problems = crossProblems(parsed.data).map(({ keys, message, nextStep }) => {
    // The one set last is the one that broke what held before.
    const [path = ''] = keys.toSorted((a, b) => rank(layers, b) - rank(layers, a))
    return toProblem(layers, path, message, nextStep)
  })
  return { config: problems.length === 0 ? parsed.data : null, values, problems }
}

const rank = (layers: readonly Layer[], path: string): number => layers.indexOf(speaker(layers, path))
