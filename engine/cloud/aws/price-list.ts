import { z } from 'zod'
import { MoleError } from '../../../contract/errors.ts'

const Dimension = z.object({
  unit: z.string(),
  beginRange: z.string().optional(),
  endRange: z.string().optional(),
  pricePerUnit: z.object({ USD: z.string().optional() }),
})

/** @see https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api-fetching-price-list-files.html */
const Item = z.object({
  product: z.object({ attributes: z.record(z.string(), z.string()) }),
  terms: z.object({
    OnDemand: z.record(z.string(), z.object({ priceDimensions: z.record(z.string(), Dimension) })).optional(),
  }),
  publicationDate: z.iso.datetime().optional(),
})

/** A price, and the part of the month's usage it is for. */
export type ListedPrice = {
  readonly unit: string
  readonly from: number
  readonly upTo: number | null
  readonly usd: number
}

/** What the price list says of one product. */
export type ListedProduct = {
  readonly attributes: Readonly<Record<string, string>>
  /** On demand, in US dollars; the ranges ascending. */
  readonly prices: readonly ListedPrice[]
  /** The day the list was published (ISO 8601). */
  readonly published: string | null
}

const unreadable = (meaning: string): MoleError =>
  new MoleError('not-available', 'The AWS price list answered with something that is no price.', {
    field: 'prices',
    meaning: `${meaning.slice(0, 300)} The prices known so far are kept.`,
    nextStep: 'Ask again later; if it stays so, this version of Cloud Mole does not know the list’s form.',
  })

const amount = (text: string | undefined): number | null => {
  const value = Number(text)
  return text === undefined || text === '' || !Number.isFinite(value) || value < 0 ? null : value
}

const priceOf = ({
  unit,
  beginRange = '0',
  endRange = 'Inf',
  pricePerUnit,
}: z.infer<typeof Dimension>): ListedPrice[] => {
  const [usd, from, upTo] = [amount(pricePerUnit.USD), amount(beginRange), endRange === 'Inf' ? null : amount(endRange)]
  // Another currency: AWS in China.
  if (pricePerUnit.USD === undefined) return []
  if (usd === null || from === null || (upTo === null && endRange !== 'Inf'))
    throw unreadable(`A price is ${pricePerUnit.USD} from ${beginRange} to ${endRange}.`)
  return [{ unit, from, upTo, usd }]
}

const parseText = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw unreadable('It is not JSON.')
  }
}

/** One entry of the answer of GetProducts, JSON text. @throws MoleError `not-available` where it is none. */
export const parseProduct = (text: string): ListedProduct => {
  const parsed = Item.safeParse(parseText(text))
  if (!parsed.success) throw unreadable(z.prettifyError(parsed.error))
  const { product, terms, publicationDate } = parsed.data
  const dimensions = Object.values(terms.OnDemand ?? {}).flatMap(({ priceDimensions }) =>
    Object.values(priceDimensions),
  )
  return {
    attributes: product.attributes,
    prices: dimensions.flatMap(priceOf).sort((a, b) => a.from - b.from),
    published: publicationDate?.slice(0, 10) ?? null,
  }
}
