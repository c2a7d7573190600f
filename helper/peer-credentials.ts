import { rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { MoleError } from '../contract/errors.ts'
import { fdOf } from './native/fd-of.ts'
import { libc, SOL_SOCKET } from './native/libc.ts'

/** Who is at the other end of a Unix socket, as the kernel noted when it connected (`unix(7)`, SO_PEERCRED). */
export type PeerCredentials = { readonly pid: number; readonly uid: number }

const SO_PEERCRED = 17
/** `struct ucred`: pid, uid, gid, 32 bits each. */
const UCRED_BYTES = 12

/** Asks the kernel who connected; `null` when it cannot be known, which must count as a stranger. */
export const peerCredentials = (socket: Socket): PeerCredentials | null => {
  const fd = fdOf(socket)
  if (fd < 0) return null
  const value = Buffer.alloc(UCRED_BYTES)
  const isKnown = libc.getsockopt(fd, SOL_SOCKET, SO_PEERCRED, value) === UCRED_BYTES
  return isKnown ? { pid: value.readInt32LE(0), uid: value.readUInt32LE(4) } : null
}

const connectToMyself = (path: string): Promise<PeerCredentials | null> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      const credentials = peerCredentials(socket)
      socket.destroy()
      server.close(() => resolve(credentials))
    })
    server.once('error', reject)
    server.listen(path, () => {
      const client = connect(path)
      client.on('error', () => undefined)
      client.on('close', () => client.destroy())
    })
  })

/**
 * Connects to itself in `directory` and checks that the kernel names this very process: a helper that cannot tell who
 * calls must not serve.
 * @throws MoleError `not-available`.
 */
export const checkPeerCredentials = async (directory: string): Promise<void> => {
  const path = join(directory, 'self.sock')
  rmSync(path, { force: true })
  try {
    const seen = await connectToMyself(path)
    if (seen?.pid === process.pid && seen.uid === process.geteuid?.()) return
  } catch (cause) {
    throw unable({ cause })
  } finally {
    rmSync(path, { force: true })
  }
  throw unable()
}

const unable = (options?: ErrorOptions): MoleError =>
  new MoleError(
    'not-available',
    'The helper cannot tell who calls it.',
    {
      field: 'SO_PEERCRED',
      meaning: 'It would have to serve strangers, so it does not serve at all.',
      nextStep: 'Reinstall Cloud Mole (the package "koffi" must fit this machine).',
    },
    options,
  )
