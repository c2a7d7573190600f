import { expect, it } from 'vitest'
import { inOrder, slotOf, tunnelName } from './tunnel-name.ts'

it('calls both lanes of a tunnel by its number', () => {
  expect(['mole1', 'mole101', 'mole64', 'mole164'].map(tunnelName)).toEqual(['mole1', 'mole1', 'mole64', 'mole64'])
  expect(slotOf('mole109')).toBe(9)
})

it('leaves what is not ours as it is', () => expect([tunnelName('eth0'), slotOf('eth0')]).toEqual(['eth0', null]))

it('orders tunnels by number, also those whose keys were renewed', () => {
  const tunnels = ['mole1', 'mole4', 'mole10', 'mole102', 'mole103'].map((name) => ({
    name,
    cores: [],
    coreRatio: null,
    memoryBytes: null,
  }))
  const names = inOrder({ tunnels }).tunnels.map(({ name }) => name)
  expect(names).toEqual(['mole1', 'mole102', 'mole103', 'mole4', 'mole10'])
})
