import { lstat, rm } from 'node:fs/promises'
import type { Server } from 'node:net'

const removeStale = async (path: string): Promise<void> => {
  const stat = await lstat(path).catch(() => null)
  if (stat?.isSocket() === true) await rm(path, { force: true })
}

/**
 * Listens on a Unix socket that is 0600 from birth. A socket file left by a dead engine is replaced: the caller holds the
 * engine's lock, so no living one uses it.
 */
export const listenPrivately = async (server: Server, path: string): Promise<void> => {
  await removeStale(path)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    // `listen` itself binds, so the mask holds for just that call: it is the whole process's.
    const before = process.umask(0o177)
    try {
      server.listen(path, () => {
        server.off('error', reject)
        resolve()
      })
    } finally {
      process.umask(before)
    }
  })
}
