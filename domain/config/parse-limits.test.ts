import { describe, expect, it } from 'vitest'
import { parseConfigDocument } from './parse-document.ts'
import { LONGEST_MS, timeDocument } from './testing/fuzz/fuzz-documents.ts'
import { flawOfAnswer } from './testing/fuzz/judge.ts'
import { HEAVY_DOCUMENTS } from './testing/heavy-documents.ts'

describe('a document made to be heavy', { timeout: 60_000 }, () => {
  it.each(Object.entries(HEAVY_DOCUMENTS))('%s: is read or refused within a second', (_, text) => {
    const { parsed, ms } = timeDocument(text)
    expect(flawOfAnswer(text, parsed)?.replace('fuzz.yaml', '') ?? null).toBeNull()
    expect(ms).toBeLessThan(LONGEST_MS)
    expect(timeDocument(new TextEncoder().encode(text)).ms).toBeLessThan(LONGEST_MS)
  })

  it('may be large, if it is a configuration', () => {
    const text = `tunnel:\n  mtu: 1400\n${'# what we measured, and why it is so\n'.repeat(7000)}`
    expect(parseConfigDocument(text, 'a.yaml').document?.values).toEqual({ tunnel: { mtu: 1400 } })
  })
})
