import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** More than this many unused links, or open tabs' sessions, and the oldest is forgotten. */
const MOST_TOKENS = 16
const MOST_SESSIONS = 64

/** Who may use the panel's WebSocket: holders of an unused one-time token, and the tabs that used one. */
export type Admission = {
  /** A fresh one-time token: 32 random bytes, hex. */
  issueToken(): string
  /**
   * The session for whoever presents `secret`, or `null`. A one-time token is used up by it and makes a new session;
   * a session secret gives itself again, for reloads and reconnects of the same tab.
   */
  admit(secret: string): string | null
}

/** Equal lengths for `timingSafeEqual`, and nothing secret kept in memory as text. */
const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest()

const newSecret = (): string => randomBytes(32).toString('hex')

/** Looks at every entry, so that the time taken says nothing about which one matched or how far. */
const indexOfDigest = (digests: readonly Buffer[], wanted: Buffer): number =>
  digests.reduce((found, candidate, index) => (timingSafeEqual(candidate, wanted) ? index : found), -1)

const remember = (digests: Buffer[], secret: string, most: number): string => {
  digests.push(digest(secret))
  if (digests.length > most) digests.shift()
  return secret
}

/** Tokens and sessions of one panel server; they live as long as it does and are written nowhere. */
export const createAdmission = (): Admission => {
  const tokens: Buffer[] = []
  const sessions: Buffer[] = []
  return {
    issueToken: () => remember(tokens, newSecret(), MOST_TOKENS),
    admit: (secret) => {
      const presented = digest(secret)
      const token = indexOfDigest(tokens, presented)
      const session = indexOfDigest(sessions, presented)
      if (session >= 0) return secret
      if (token < 0) return null
      tokens.splice(token, 1)
      return remember(sessions, newSecret(), MOST_SESSIONS)
    },
  }
}
