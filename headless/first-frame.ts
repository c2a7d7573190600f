import type { RawData, WebSocket } from 'ws'
import { z } from 'zod'
import type { Admission } from './admission.ts'

/** Close codes of ours (RFC 6455 §7.4.2: 4000–4999 are private). The page asks for a fresh link on the first, and tries again after the second. */
const CLOSE_DENIED = 4401
const CLOSE_TOO_LATE = 4408

const MOST_FIRST_FRAME_BYTES = 256

const FirstFrame = z.strictObject({ token: z.string().regex(/^[0-9a-f]{64}$/) })

/** The secret in a first frame, or `null` when it is anything but `{"token":"<64 hex digits>"}`. */
const parseFirstFrame = (data: RawData, isBinary: boolean): string | null => {
  const bytes = Buffer.isBuffer(data) ? data : null
  if (isBinary || bytes === null || bytes.length > MOST_FIRST_FRAME_BYTES) return null
  try {
    const frame = FirstFrame.safeParse(JSON.parse(bytes.toString('utf8')))
    return frame.success ? frame.data.token : null
  } catch {
    return null
  }
}

/**
 * Lets a socket speak once. With a good token it gets `{"session":"…"}` and goes to `onAdmitted` in the same turn, so
 * that no later message is lost; with a bad one, or after `withinMs`, it is closed.
 */
export const firstFrame = (
  socket: WebSocket,
  admission: Admission,
  withinMs: number,
  onAdmitted: (socket: WebSocket) => void,
): void => {
  const timer = setTimeout(() => {
    // What still comes before the peer's own close frame is not looked at.
    socket.off('message', hear)
    deny(socket, CLOSE_TOO_LATE, 'no token in time')
  }, withinMs)
  const hear = (data: RawData, isBinary: boolean): void => {
    clearTimeout(timer)
    const secret = parseFirstFrame(data, isBinary)
    const session = secret === null ? null : admission.admit(secret)
    if (session === null) deny(socket, CLOSE_DENIED, 'token not accepted')
    else {
      socket.send(JSON.stringify({ session }))
      onAdmitted(socket)
    }
  }
  socket.once('close', () => clearTimeout(timer))
  socket.once('message', hear)
}

/** A peer that does not answer the close frame is cut off soon after, not after the library's 30 s. */
const deny = (socket: WebSocket, code: number, reason: string): void => {
  socket.close(code, reason)
  setTimeout(() => socket.terminate(), 500).unref()
}
