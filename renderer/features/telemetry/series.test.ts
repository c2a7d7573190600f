import { describe, expect, it } from 'vitest'
import { slotsOf } from '../../../domain/tunnel-plan.ts'
import { seriesOf } from './series.ts'

describe('seriesOf', () => {
  it('has a band for each tunnel, whichever slots they are', () =>
    expect(seriesOf(slotsOf({ tunnels: 3, bastions: 2 })).map(({ name }) => name)).toEqual(['mole1', 'mole2', 'mole9']))

  it('adds up by bastion what cannot be told apart, and loses no tunnel', () => {
    const slots = slotsOf({ tunnels: 19, bastions: 3 })
    const series = seriesOf(slots)
    expect(series.map(({ name }) => name)).toEqual(['bastion 1', 'bastion 2', 'bastion 3'])
    expect(series.flatMap((each) => each.slots)).toEqual(slots)
    expect(new Set(series.map(({ colour }) => colour)).size).toBe(3)
  })
})
