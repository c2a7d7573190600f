import { brokenFrame, oversizedFrame } from './frame.ts'
import { MAX_FRAME_BYTES } from './limits.ts'

const LINE_FEED = 0x0a

/** Cuts a byte stream into lines of UTF-8, holding at most one unfinished line of at most 1 MiB. */
export const lineSplitter = (onLine: (text: string) => void) => {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let pieces: Uint8Array[] = []
  let pending = 0

  const hold = (piece: Uint8Array): void => {
    pending += piece.byteLength
    if (pending > MAX_FRAME_BYTES) throw oversizedFrame()
    pieces.push(piece)
  }

  const takeLine = (): string => {
    const text = pieces.map((piece) => decode(piece, true)).join('') + decode(new Uint8Array(0), false)
    pieces = []
    pending = 0
    return text
  }

  const decode = (bytes: Uint8Array, stream: boolean): string => {
    try {
      return decoder.decode(bytes, { stream })
    } catch {
      throw brokenFrame('a frame that is not UTF-8')
    }
  }

  return {
    /** @throws MoleError `bad-input` when a line is too long or not UTF-8 */
    push: (chunk: Uint8Array): void => {
      let start = 0
      for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
        hold(chunk.subarray(start, end))
        start = end + 1
        onLine(takeLine())
      }
      if (start < chunk.byteLength) hold(chunk.subarray(start))
    },
    /** Whether the stream may end here: not in the middle of a line. */
    isAtBoundary: (): boolean => pending === 0,
  }
}
