import { decodeUtf8, utf8Length } from './utf8.ts'

/** The largest document that is read. The whole configuration, written out with comments, takes 2 KiB. */
export const MAX_DOCUMENT_BYTES = 256 * 1024

/** Something about a text that stops it from being read on, at an offset. */
export type Flaw = { readonly at: number; readonly message: string; readonly nextStep: string }

/** `text`: without byte order mark, its lines ending in LF; whole unless there is a flaw. */
export type DecodedDocument = { readonly text: string; readonly flaw: Flaw | null }

const SAVE_AS_UTF8 = 'Save it as UTF-8 text.'

const flawed = (message: string, nextStep: string, text = ''): DecodedDocument => ({
  text,
  flaw: { at: text.length, message, nextStep },
})

const TOO_LARGE = flawed(
  `must be at most ${MAX_DOCUMENT_BYTES / 1024} KiB of text`,
  'A configuration is a page of text: is it another file?',
)

/** Byte order marks of UTF-16 and UTF-32, or a first character of ASCII in either. */
const isWide = ([first = 1, second = 1]: Uint8Array): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || (first === 0) !== (second === 0)

/** Without byte order mark, its lines ending in LF. A CR alone is a line's end, too (YAML 1.2.2 §5.4). Columns and lines stay what they were. */
const normaliseText = (text: string): string => text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n')

/** What no configuration needs and no reader sees: controls, lone surrogates, byte order marks, noncharacters. */
const UNREADABLE = /[^\P{Cc}\t\n]|\p{Cs}|[\uFEFF\uFFFE\uFFFF]/u

const nameOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

const decodeText = (given: string): DecodedDocument => {
  const text = normaliseText(given)
  const found = UNREADABLE.exec(text)
  if (found === null) return { text, flaw: null }
  const [character] = found
  const what = character === '\0' ? 'NUL' : `the character ${nameOf(character)}`
  return flawed(`holds ${what}, which is not text`, 'Remove it, or restore the file.', text.slice(0, found.index))
}

const decodeBytes = (bytes: Uint8Array): DecodedDocument => {
  if (bytes.length > MAX_DOCUMENT_BYTES) return TOO_LARGE
  if (bytes.length > 1 && isWide(bytes)) return flawed('must be UTF-8 text, and looks like UTF-16', SAVE_AS_UTF8)
  const { text, isWhole } = decodeUtf8(bytes)
  const decoded = decodeText(text)
  if (isWhole || decoded.flaw !== null) return decoded
  return flawed('must be UTF-8 text, and has other bytes here', SAVE_AS_UTF8, decoded.text)
}

/**
 * The text of a document: UTF-8, with or without byte order mark, its lines ending in LF, CRLF or CR. What is too large
 * is refused unread.
 */
export const decodeDocument = (given: string | Uint8Array): DecodedDocument => {
  if (typeof given !== 'string') return decodeBytes(given)
  return given.length > MAX_DOCUMENT_BYTES || utf8Length(given) > MAX_DOCUMENT_BYTES ? TOO_LARGE : decodeText(given)
}

/**
 * Whether bytes are text at all: UTF-8 without NUL, and not empty. What a crash leaves of a file that never reached the
 * disk is empty or full of NUL. Text may still be no configuration.
 */
export const isText = (bytes: Uint8Array): boolean =>
  bytes.length > 0 && !bytes.includes(0) && decodeUtf8(bytes).isWhole
