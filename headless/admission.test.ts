import { describe, expect, it } from 'vitest'
import { createAdmission } from './admission.ts'

describe('admission', () => {
  it('issues 32 random bytes, different each time', () => {
    const admission = createAdmission()
    const [a, b] = [admission.issueToken(), admission.issueToken()]
    expect(a).toMatch(/^[0-9a-f]{64}$/)
    expect(a).not.toBe(b)
  })

  it('takes a token once and gives a session that is not the token', () => {
    const admission = createAdmission()
    const token = admission.issueToken()
    const session = admission.admit(token)
    expect(session).toMatch(/^[0-9a-f]{64}$/)
    expect(session).not.toBe(token)
    expect(admission.admit(token)).toBeNull()
  })

  it('takes a session again and again, and gives the same one back', () => {
    const admission = createAdmission()
    const session = admission.admit(admission.issueToken()) ?? ''
    expect([admission.admit(session), admission.admit(session)]).toEqual([session, session])
  })

  it('refuses what it did not issue, and what another server issued', () => {
    const admission = createAdmission()
    admission.issueToken()
    expect(admission.admit('0'.repeat(64))).toBeNull()
    expect(admission.admit('')).toBeNull()
    expect(admission.admit(createAdmission().issueToken())).toBeNull()
  })

  it('takes tokens in any order, and forgets the oldest when too many are unused', () => {
    const admission = createAdmission()
    const tokens = Array.from({ length: 17 }, () => admission.issueToken())
    expect(admission.admit(tokens[0] as string)).toBeNull()
    expect(admission.admit(tokens[16] as string)).not.toBeNull()
    expect(admission.admit(tokens[1] as string)).not.toBeNull()
  })
})
