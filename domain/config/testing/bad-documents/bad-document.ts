/**
 * A document that is refused: where (`line:column`), for which key, and parts of what is said and advised. What is listed
 * is the first of its problems.
 */
export type BadDocument = readonly [
  name: string,
  given: string | Uint8Array,
  at: string,
  key: string,
  message: string,
  nextStep?: string,
]
