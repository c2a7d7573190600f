import { describe, expect, it } from 'vitest'
import { parseCoreTimes } from './core-times.ts'

describe('parseCoreTimes', () => {
  it('counts waiting for input as idle, and a guest only once', () => {
    expect(parseCoreTimes('cpu  1 1 1 1 1 1 1 1 1 1\ncpu0 10 1 2 80 7 1 1 1 5 0\nintr 5\n')).toEqual(
      new Map([[0, { busy: 16, total: 103 }]]),
    )
  })
})
