import { describe, expect, it } from 'vitest'
import { slotsOf } from '../../../domain/tunnel-plan.ts'
import { tunnelColour } from './tunnel-colour.ts'

describe('tunnelColour', () => {
  it('counts through the palette on one bastion', () =>
    expect(slotsOf({ tunnels: 8, bastions: 1 }).map(tunnelColour)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((colour) => `var(--tunnel-${colour})`),
    ))

  it.each([
    [8, 2],
    [8, 4],
    [8, 8],
    [6, 2],
    [4, 4],
  ])('tells %i tunnels over %i bastions apart', (tunnels, bastions) =>
    expect(new Set(slotsOf({ tunnels, bastions }).map(tunnelColour)).size).toBe(tunnels),
  )
})
