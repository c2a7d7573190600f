import fc from 'fast-check'
import { ASSUMPTIONS, type Conditions } from '../conditions.ts'
import { DIRECTIONS } from '../goal.ts'
import { given } from '../provenance.ts'
import { shippedTable } from './shipped-table.ts'

const names = shippedTable.types.map(({ name }) => name)

/** Any conditions a configuration and options can say. */
export const conditions: fc.Arbitrary<Conditions> = fc
  .record({
    direction: fc.constantFrom(...DIRECTIONS),
    mtuBytes: fc.integer({ min: 1280, max: 8940 }),
    tunnelMbits: fc.integer({ min: 50, max: 12_000 }),
    pathMbits: fc.option(fc.integer({ min: 10, max: 100_000 })),
    streams: fc.option(fc.integer({ min: 1, max: 64 })),
    allowedTypes: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }),
    maxInstances: fc.integer({ min: 1, max: 6 }),
    maxTunnels: fc.integer({ min: 1, max: 24 }),
    minTunnels: fc.integer({ min: 1, max: 24 }),
  })
  .map(({ tunnelMbits, pathMbits, ...rest }) => ({
    ...ASSUMPTIONS,
    ...rest,
    minTunnels: Math.min(rest.minTunnels, rest.maxTunnels),
    tunnelBitsPerSecond: given(tunnelMbits * 1e6, 'test'),
    pathBitsPerSecond: pathMbits === null ? null : given(pathMbits * 1e6, 'test'),
  }))

export const instanceType = fc.constantFrom(...shippedTable.types)

/** From 1 MB to 1 PB, each order of magnitude as likely. */
export const bytes = fc.double({ min: 6, max: 15, noNaN: true }).map((exponent) => Math.round(10 ** exponent))
