import { describe, expect, it } from 'vitest'
import { dealt, sizeChanges } from './size-changes.ts'

const size = (tunnels: number, bastions = 1) => ({ tunnels, bastions })

describe('what a change of size does', () => {
  it('is nothing where nothing changes', () => expect(sizeChanges(size(4), size(4), false)).toEqual([]))

  it('names what is added, and says that the others run on', () =>
    expect(sizeChanges(size(2), size(4), false)).toEqual([
      'mole3 and mole4 are added.',
      'The other 2 tunnels keep running meanwhile.',
    ]))

  it('takes what goes out of the route first', () =>
    expect(sizeChanges(size(2), size(1), false)[0]).toBe('mole2 is taken out of the route first, then removed.'))

  it('launches bastions before their tunnels, and says that they cost', () => {
    const [first, second] = sizeChanges(size(4), size(12, 3), true)
    expect(first).toMatch(/^Bastions 2 and 3 are launched, .* billed/)
    expect(second).toBe('8 tunnels are added.')
  })

  it('ends bastions last, and warns of what breaks', () =>
    expect(sizeChanges(size(12, 3), size(8, 2), true).findLast((line) => line.includes('Bastion'))).toMatch(
      /^Bastion 3 is terminated: connections over it/,
    ))
})

it('deals tunnels evenly', () => expect(dealt(size(8, 3))).toEqual([3, 3, 2]))
