import { type Message, ResponseError } from 'vscode-jsonrpc'
import { MoleError } from './errors.ts'
import { MAX_FRAME_BYTES } from './limits.ts'
import { MOLE_ERROR } from './wire-error.ts'

const encoder = new TextEncoder()

/** Whether `text` takes more than `MAX_FRAME_BYTES` in UTF-8; counts bytes only when the length leaves it open. */
const isTooLarge = (text: string): boolean =>
  text.length > MAX_FRAME_BYTES ||
  (text.length > MAX_FRAME_BYTES / 3 && encoder.encode(text).byteLength > MAX_FRAME_BYTES)

/** What is wrong with a frame that ends the connection. */
export const brokenFrame = (what: string): MoleError =>
  new MoleError('bad-input', `The peer sent ${what}.`, {
    meaning: 'It does not speak this protocol, so the connection was closed.',
    nextStep: 'Connect again, with a program of the same version.',
  })

export const oversizedFrame = (): MoleError => brokenFrame('a frame larger than 1 MiB')

/**
 * One frame: a JSON object as text, without line breaks.
 * @throws ResponseError when it would be larger than 1 MiB. vscode-jsonrpc passes a `ResponseError` on as it is, so an
 * answer that is too large becomes an error answer instead of none.
 */
export const encodeFrame = (message: Message): string => {
  const text = JSON.stringify(message)
  if (!isTooLarge(text)) return text
  throw new ResponseError(MOLE_ERROR, 'The message is larger than 1 MiB.', { code: 'internal', data: {} })
}

/**
 * The JSON object in a frame; nothing is known of it yet.
 * @throws MoleError `bad-input`
 */
export const decodeFrame = (text: string): object => {
  if (isTooLarge(text)) throw oversizedFrame()
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw brokenFrame('a frame that is no object')
  return value
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw brokenFrame('a frame that is not JSON')
  }
}
