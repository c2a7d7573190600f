import { expect, it } from 'vitest'
import { undoAll } from './ops/table.ts'
import { operationOf } from './past-operation.ts'

it('undoes what an earlier version did as that would have', () => {
  const added = {
    kind: 'tunnel-route',
    number: 1,
    network: '10.200.0.0/24',
    via: 'tunnel',
    to: true,
    was: false,
  } as const
  const moved = {
    kind: 'route',
    network: '10.200.0.0/24',
    via: 'bundle',
    to: { source: '10.100.255.1' },
    was: null,
  } as const
  expect(undoAll([operationOf(added), operationOf(moved)])).toEqual([
    { ...moved, to: null, was: { source: '10.100.255.1', congestion: null } },
    { ...added, to: null, was: { congestion: null } },
  ])
})

it('leaves what it knows as it is', () => {
  const now = {
    kind: 'tunnel-route',
    number: 1,
    network: '10.1.0.0/16',
    via: 'tunnel',
    to: { congestion: 'cubic' },
    was: null,
  } as const
  expect(operationOf(now)).toEqual(now)
  const rule = { kind: 'rule', network: '10.1.0.0/16', to: true } as const
  expect(operationOf(rule)).toEqual(rule)
})
