import { readFile } from 'node:fs/promises'
import { connect as connectSocket, type Socket } from 'node:net'
import { join } from 'node:path'
import { presentToken } from '../../contract/authenticate.ts'
import { connect } from '../../contract/connect.ts'
import { helperContract } from '../../contract/helper.ts'
import { byteStreamPort } from '../../contract/ports/byte-stream.ts'
import type { HelperClient } from '../cloud/provider.ts'

/**
 * What became of an attempt to talk to a helper. `absent`: none listens. `refused`: one listens, and not to us (the
 * socket's mode, or its own judgement). `silent`: the kernel took our connection, and nobody answers.
 */
export type Reached = HelperClient | 'absent' | 'refused' | 'silent'

/** An answer that takes longer comes from a helper that hangs. */
const HELLO_LIMIT_MS = 3000

type Opened = Socket | 'absent' | 'refused'

const openSocket = (path: string): Promise<Opened> =>
  new Promise((resolve) => {
    const socket = connectSocket(path)
    socket.once('connect', () => resolve(socket))
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'EACCES' ? 'refused' : 'absent'))
  })

/** Connects to a helper's socket, and has it answer once. Without a token the kernel's word for us must do. */
export const reachSocket = async (path: string, token: string | null): Promise<Reached> => {
  const socket = await openSocket(path)
  if (typeof socket === 'string') return socket
  const port = byteStreamPort(socket)
  const limit = AbortSignal.timeout(HELLO_LIMIT_MS)
  try {
    if (token !== null) await presentToken(port, token)
    const client = connect(helperContract, port)
    await client.call('hello', {}, { signal: limit })
    return client
  } catch {
    socket.destroy()
    return limit.aborted ? 'silent' : 'refused'
  }
}

/** Connects to the helper that serves from `directory`, with the token that lies there. */
export const reachHelper = async (directory: string): Promise<Reached> => {
  const token = (await readFile(join(directory, 'helper.token'), 'utf8').catch(() => '')).trim()
  return token === '' ? 'absent' : reachSocket(join(directory, 'helper.sock'), token)
}

/** The helper that serves from `directory`; `null` when none listens, or none that takes our token and answers. */
export const connectHelper = async (directory: string): Promise<HelperClient | null> => {
  const reached = await reachHelper(directory)
  return typeof reached === 'string' ? null : reached
}
