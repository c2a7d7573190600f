import { describe, expect, it } from 'vitest'
import { fuzzDocuments } from './testing/fuzz/fuzz-documents.ts'
import { inventBytes, inventDocument } from './testing/fuzz/invent.ts'

describe('documents invented at random', { timeout: 300_000 }, () => {
  it.each([
    ['of names, values and signs', 25_000, inventDocument],
    ['of bytes', 15_000, inventBytes],
  ])('%s: each is read or refused with places, well below a second', (_, count, make) => {
    expect(fuzzDocuments(count, make).accepted).toBeLessThan(count / 2)
  })
})
