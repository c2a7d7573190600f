import { MAX_PROFILE_BYTES, tooLarge, unusableText } from './refusals.ts'

/**
 * The text in a file: UTF-8 without NUL, and not empty; otherwise `null`. What a crash leaves of a file that never
 * reached the disk is empty or full of NUL. A byte order mark stays, so that what is read can be written back unchanged.
 */
export const decodeText = (bytes: Buffer): string | null => {
  if (bytes.length === 0 || bytes.includes(0)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** What is written of a text. @throws MoleError `bad-input` when it would not be read as the same text again. */
export const encodeText = (text: string): Buffer => {
  if (text === '') throw unusableText('The text is empty')
  if (text.includes('\0') || !text.isWellFormed()) throw unusableText('The text has characters that no file can keep')
  const bytes = Buffer.from(text)
  if (bytes.length > MAX_PROFILE_BYTES) throw tooLarge('The text')
  return bytes
}
