import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CONFIG_KEYS, valueAt } from './keys.ts'
import { mergeValues } from './merge.ts'
import type { ConfigValues } from './schema.ts'
import { configValues } from './testing/arbitraries.ts'

const chain = fc.array(configValues, { minLength: 1, maxLength: 8 })
const fromBelow = (layers: readonly ConfigValues[]): ConfigValues => layers.reduce(mergeValues)
const fromAbove = (layers: readonly ConfigValues[]): ConfigValues =>
  layers.reduceRight((upper, lower) => mergeValues(lower, upper))

describe('merging layers', () => {
  it('is the same from either end of a chain, and in any grouping', () => {
    fc.assert(
      fc.property(chain, fc.nat(7), (layers, cut) => {
        const whole = fromBelow(layers)
        expect(fromAbove(layers)).toEqual(whole)
        const [lower, upper] = [layers.slice(0, cut), layers.slice(cut)]
        if (lower.length > 0 && upper.length > 0) expect(mergeValues(fromBelow(lower), fromBelow(upper))).toEqual(whole)
      }),
      { numRuns: 150 },
    )
  })

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(configValues, configValues, (lower, upper) => {
        expect(mergeValues(upper, upper)).toEqual(upper)
        const merged = mergeValues(lower, upper)
        expect(mergeValues(merged, upper)).toEqual(merged)
      }),
      { numRuns: 150 },
    )
  })

  it('is unmoved by a layer that says nothing', () => {
    fc.assert(
      fc.property(configValues, (values) => {
        expect(mergeValues({}, values)).toEqual(values)
        expect(mergeValues(values, {})).toEqual(values)
      }),
      { numRuns: 150 },
    )
  })

  it('takes each key whole from the uppermost layer that says it', () => {
    fc.assert(
      fc.property(chain, (layers) => {
        const merged = fromBelow(layers)
        for (const { path } of CONFIG_KEYS) {
          const said = layers.map((layer) => valueAt(layer, path)).findLast((value) => value !== undefined)
          expect(valueAt(merged, path)).toEqual(said)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('leaves the layers as they were', () => {
    const lower = { tunnel: { mtu: 1400 } }
    mergeValues(lower, { tunnel: { mtu: 1300 }, lab: {} })
    expect(lower).toEqual({ tunnel: { mtu: 1400 } })
  })
})
