import { MoleError } from '../../contract/errors.ts'
import { type PriceDocument, type PriceTable, parsePriceTable } from '../../domain/planner/price-table.ts'
import { priceChanges, type RegionQuote, withRegion } from '../../domain/planner/refreshed-table.ts'
import type { Activity } from '../activity.ts'
import type { Clock } from '../clock.ts'
import type { Paths } from '../paths.ts'
import { readNewestPrices, writePrices } from './price-files.ts'

/** Whose credentials ask, `null` for those of the environment; and of which region. */
type Account = { readonly profile: string | null; readonly region: string }

/** Asks AWS what these types cost in a region. */
export type AskPrices = (account: Account, types: readonly string[]) => Promise<RegionQuote>

export type Refreshed = {
  readonly document: PriceDocument
  /** In words; `[]` when nothing changed. */
  readonly changes: string[]
}

/** The price table in force. */
export type Prices = {
  table(): PriceTable
  document(): PriceDocument
  /**
   * Asks AWS for the prices of a region, keeps them, and puts them in force.
   * @param also types to be asked for beside those of the table
   * @throws MoleError
   */
  refresh(account: Account, also?: readonly string[]): Promise<Refreshed>
  /** Asks AWS only where no price of the region is known. Where it does not say, that is told, and nothing thrown. */
  know(account: Account, also?: readonly string[]): Promise<void>
}

type Options = {
  readonly paths: Pick<Paths, 'state'>
  readonly clock: Pick<Clock, 'wallMs'>
  readonly activity: Pick<Activity, 'add'>
  readonly ask: AskPrices
}

const notKept = (cause: unknown): MoleError =>
  new MoleError(
    'not-available',
    'The prices could not be written down.',
    {
      field: 'prices',
      meaning: `${cause instanceof Error ? cause.message : String(cause)}. The prices known so far are kept.`,
      nextStep: 'Check the permissions of the state directory and the free space on its disk, then ask again.',
    },
    { cause },
  )

/** Reads the newest table there is. */
export const openPrices = async ({ paths, clock, activity, ask }: Options): Promise<Prices> => {
  let document = await readNewestPrices(paths)
  let table = parsePriceTable(document)
  let last: Promise<unknown> = Promise.resolve()

  const put = async (region: string, quote: RegionQuote): Promise<Refreshed> => {
    const before = document
    const after = withRegion(before, region, quote, new Date(clock.wallMs()).toISOString().slice(0, 10))
    await writePrices(paths, after).catch((error: unknown) => {
      throw notKept(error)
    })
    document = after
    table = parsePriceTable(after)
    const changes = priceChanges(before, after, region)
    activity.add('info', 'prices.refreshed', `The prices of ${region} were asked anew: ${changes.length} changed.`)
    return { document: after, changes }
  }

  const refresh: Prices['refresh'] = async (account, also = []) => {
    const types = [...new Set([...table.types.map(({ name }) => name), ...also])]
    return put(account.region, await ask(account, types))
  }

  // One after the other: each puts its region into the table that the one before made.
  const inTurn: Prices['refresh'] = (account, also) => {
    const mine = last.then(() => refresh(account, also))
    last = mine.catch(() => undefined)
    return mine
  }

  const know: Prices['know'] = async (account, also) => {
    if (table.regions.has(account.region)) return
    try {
      await inTurn(account, also)
    } catch (error) {
      const why = error instanceof MoleError ? error.message : 'something that was not foreseen.'
      activity.add('warning', 'prices.unknown', `No price of ${account.region} is known, and AWS did not say: ${why}`)
    }
  }

  return { table: () => table, document: () => document, refresh: inTurn, know }
}
