import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MoleError } from '../../contract/errors.ts'
import { parsePriceTable } from '../../domain/planner/price-table.ts'
import type { RegionQuote } from '../../domain/planner/refreshed-table.ts'
import { shippedTable } from '../../domain/planner/testing/shipped-table.ts'
import { type AskPrices, openPrices, type Prices } from './prices.ts'

let state = ''
let told: string[] = []
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'mole-'))
  told = []
})
afterEach(() => rmSync(state, { recursive: true }))

const quote = (usd: number): RegionQuote => ({
  published: '2026-12-01',
  onDemandUsdPerHour: new Map([['c6gn.medium', usd]]),
  publicIpv4UsdPerHour: 0.005,
  gp3UsdPerGbMonth: 0.1,
  dataOut: [{ upToGb: null, usdPerGb: 0.1 }],
  spot: null,
})

const open = (ask: AskPrices = async () => quote(0.06), day = '2026-12-02'): Promise<Prices> =>
  openPrices({
    paths: { state },
    clock: { wallMs: () => Date.parse(day) },
    activity: { add: (_, kind) => told.push(kind) },
    ask,
  })

const priceIn = (prices: Prices, region: string): number | undefined =>
  prices.table().regions.get(region)?.onDemandUsdPerHour.get('c6gn.medium')?.value

const saoPaulo = { profile: null, region: 'sa-east-1' }
const kept = (): string => join(state, 'prices', 'ec2-2026-12-02.json')

describe('the price table', () => {
  it('is the shipped one until it is refreshed', async () => {
    expect((await open()).table()).toEqual(shippedTable)
    expect(readdirSync(state)).toEqual([])
  })

  it('knows a region once it was asked for, here and in the next engine, and nothing shipped is written over', async () => {
    const prices = await open()
    const { document, changes } = await prices.refresh(saoPaulo)
    expect(changes).toContain('c6gn.medium, an hour: $0.0600, not known before.')
    expect(parsePriceTable(document)).toEqual(prices.table())
    expect([priceIn(prices, 'sa-east-1'), priceIn(await open(), 'sa-east-1')]).toEqual([0.06, 0.06])
    expect(priceIn(prices, 'us-west-2')).toBe(0.0432)
    expect(statSync(kept()).mode & 0o777).toBe(0o600)
    expect(told).toEqual(['prices.refreshed'])
  })

  it('asks for every type it plans with, and those that are wanted beside', async () => {
    let asked: readonly string[] = []
    const prices = await open(async (_, types) => {
      asked = types
      return quote(0.06)
    })
    await prices.refresh(saoPaulo, ['c8gn.medium', 'c6gn.medium'])
    expect(asked).toEqual([...shippedTable.types.map(({ name }) => name), 'c8gn.medium'])
  })

  it('keeps both regions when two are asked for at once', async () => {
    const prices = await open(async ({ region }) => quote(region === 'sa-east-1' ? 0.06 : 0.07))
    await Promise.all([prices.refresh(saoPaulo), prices.refresh({ profile: null, region: 'eu-north-1' })])
    const next = await open()
    expect([priceIn(next, 'sa-east-1'), priceIn(next, 'eu-north-1')]).toEqual([0.06, 0.07])
  })

  it('stays as it was when AWS does not answer, and can be asked again', async () => {
    let fails = true
    const prices = await open(async () => {
      if (fails) throw new MoleError('credentials-expired', 'log in again')
      return quote(0.06)
    })
    await expect(prices.refresh(saoPaulo)).rejects.toMatchObject({ code: 'credentials-expired' })
    expect([prices.table(), readdirSync(state)]).toEqual([shippedTable, []])
    fails = false
    expect((await prices.refresh(saoPaulo)).changes).not.toEqual([])
  })

  it('is asked for on the way only where a region is not known, and what AWS does not say is told', async () => {
    let fails = true
    let asked = 0
    const prices = await open(async () => {
      asked += 1
      if (fails) throw new MoleError('denied', 'not allowed')
      return quote(0.06)
    })
    await prices.know({ profile: null, region: 'us-west-2' })
    expect([asked, told]).toEqual([0, []])
    await prices.know(saoPaulo)
    expect([asked, told]).toEqual([1, ['prices.unknown']])
    fails = false
    await prices.know(saoPaulo)
    await prices.know(saoPaulo)
    expect([asked, priceIn(prices, 'sa-east-1')]).toEqual([2, 0.06])
  })

  it('stays as it was when it cannot be written down', async () => {
    const prices = await open()
    writeFileSync(join(state, 'prices'), 'a file in the place of the directory')
    await expect(prices.refresh(saoPaulo)).rejects.toMatchObject({ code: 'not-available', data: { field: 'prices' } })
    expect(prices.table()).toEqual(shippedTable)
  })

  it.each([
    ['half a file', '{"compiled":'],
    ['what names a source that is not there', null],
  ])('passes over %s', async (_, text) => {
    await (await open()).refresh(saoPaulo)
    const damaged = { ...JSON.parse(readFileSync(kept(), 'utf8')), sources: {} }
    writeFileSync(kept(), text ?? JSON.stringify(damaged))
    expect((await open()).table()).toEqual(shippedTable)
  })

  it('is the newest: one of long ago does not hide what is shipped', async () => {
    mkdirSync(join(state, 'prices'))
    const old = { ...(await open()).document(), compiled: '2020-01-01', regions: {} }
    writeFileSync(join(state, 'prices', 'ec2-2020-01-01.json'), JSON.stringify(old))
    expect((await open()).table()).toEqual(shippedTable)
    // And a clock that is behind does not hide what was asked for.
    expect(priceIn(await open(), 'sa-east-1')).toBeUndefined()
    await (await open(undefined, '2020-01-02')).refresh(saoPaulo)
    expect(priceIn(await open(), 'sa-east-1')).toBe(0.06)
  })
})
