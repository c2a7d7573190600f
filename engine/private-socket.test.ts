import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listenPrivately } from './private-socket.ts'

let directory: string
let server: Server

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mole-'))
  server = createServer()
})

afterEach(async () => {
  server.close()
  await rm(directory, { recursive: true, force: true })
})

describe('a socket for its owner alone', () => {
  it('is closed to others, and leaves the mask of everything else alone', async () => {
    const path = join(directory, 'a.sock')
    const before = process.umask()
    const bind = server.listen.bind(server) as (...args: unknown[]) => Server
    let meanwhile: number | null = null
    server.listen = (...args: unknown[]) => {
      queueMicrotask(() => {
        meanwhile = process.umask()
      })
      return bind(...args)
    }
    await listenPrivately(server, path)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(meanwhile).toBe(before)
  })

  it('replaces no file that is not a socket', async () => {
    const path = join(directory, 'mine')
    await writeFile(path, 'keep')
    await expect(listenPrivately(server, path)).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})
