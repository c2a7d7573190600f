import type { ConfigValue } from '../domain/config/resolve.ts'
import type { Report } from './report.ts'

/** Says which keys are set that no deployment of this version acts on: they must not look as if they did. */
export const noteNotInForce = (report: Report, values: readonly Pick<ConfigValue, 'path'>[], prefix = ''): void => {
  if (values.length === 0) return
  const keys = values.map(({ path }) => path).join(', ')
  report.note(`${prefix}Not yet in force: ${keys}. Kept as set, but no deployment of this version acts on it.`)
}
