import { MoleError } from '../../contract/errors.ts'
import type { ProbeSummary } from '../../domain/probe/report.ts'
import { firstEvent } from '../first-event.ts'
import { plainText } from '../plain-text.ts'
import type { Engine } from '../world.ts'

const LATEST = 'latest'
/** Fewer characters than these are no end that anybody means. */
const LEAST_CHARACTERS = 3

/** Every probe that is kept, newest first. */
export const historyOf = async (engine: Engine): Promise<readonly ProbeSummary[]> =>
  (await firstEvent(engine.stream('probe.history', {}))) ?? []

const notFound = (given: string, meaning: string): MoleError =>
  new MoleError('not-found', `There is no probe "${plainText(given).slice(0, 80)}".`, {
    field: '<probe>',
    meaning,
    nextStep: '"mole probes" lists those there are; the newest is called "latest" too.',
  })

/**
 * The id of the probe that is meant: whole, or its end as far as it tells one from the others (`3f9c2a`), or `latest`.
 * @throws MoleError `not-found` where there is none, `bad-input` where there are several.
 */
export const findProbeId = (history: readonly ProbeSummary[], given: string): string => {
  if (history.length === 0) throw notFound(given, 'No probe is kept.')
  if (given === LATEST) return history[0]?.id ?? ''
  if (given.length < LEAST_CHARACTERS)
    throw notFound(given, `Of an id it takes the last ${LEAST_CHARACTERS} characters at least.`)
  const found = history.filter(({ id }) => id.endsWith(given))
  const [one, another] = found
  if (one === undefined) throw notFound(given, `${history.length} ${history.length === 1 ? 'is' : 'are'} kept.`)
  if (another === undefined) return one.id
  throw new MoleError('bad-input', `"${plainText(given)}" is the end of ${found.length} probes.`, {
    field: '<probe>',
    meaning: `It may be ${found.map(({ id }) => id).join(' or ')}.`,
    nextStep: 'Give more of it.',
  })
}
