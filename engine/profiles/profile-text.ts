import { isText, MAX_DOCUMENT_BYTES } from '../../domain/config/parse/decode-document.ts'
import { tooLarge, unusableText } from './refusals.ts'

/** The text in a file, `null` when there is none. A byte order mark stays: what is read can be written back unchanged. */
export const decodeText = (bytes: Buffer): string | null => (isText(bytes) ? bytes.toString('utf8') : null)

/** What is written of a text. @throws MoleError `bad-input` when it would not be read as the same text again. */
export const encodeText = (text: string): Buffer => {
  if (text === '') throw unusableText('The text is empty')
  if (text.includes('\0') || !text.isWellFormed()) throw unusableText('The text has characters that no file can keep')
  const bytes = Buffer.from(text)
  if (bytes.length > MAX_DOCUMENT_BYTES) throw tooLarge('The text')
  return bytes
}
