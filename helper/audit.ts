/** What became of one act of a caller. Never an input, a key or a token. */
export type AuditLine = {
  readonly event: string
  readonly uid?: number | undefined
  readonly verb?: string | undefined
  readonly generation?: number | undefined
  readonly outcome: string
  readonly ms?: number | undefined
  /** Words of ours, or of a failure. */
  readonly detail?: string | undefined
}

export type Audit = (line: AuditLine) => void

/** Writes one JSON object a line; control characters in it are escaped, so that no value can begin a line of its own. */
export const makeAudit =
  (write: (text: string) => void): Audit =>
  (line) =>
    write(`${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`)
