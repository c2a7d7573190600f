import { createConnection, type Socket } from 'node:net'
import { type AppContract, appContract } from '../contract/app.ts'
import { connect } from '../contract/connect.ts'
import type { Client } from '../contract/define.ts'
import { MoleError } from '../contract/errors.ts'
import { byteStreamPort } from '../contract/ports/byte-stream.ts'
import { readHolder } from './lock.ts'
import { assertPrivateDirectory, type Paths } from './paths.ts'

const HELLO_LIMIT_MS = 5000

/** No socket, or one whose engine is dead (connect(2)): no error, there is just no engine. */
const ABSENT = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTDIR'])

const dial = (place: Place): Promise<Socket | null> =>
  new Promise((resolve, reject) => {
    const path = place.engineSocket
    const socket = createConnection(path)
    socket.once('connect', () => {
      socket.off('error', refuse)
      resolve(socket)
    })
    const refuse = (error: NodeJS.ErrnoException): void => {
      if (ABSENT.has(error.code ?? '')) resolve(null)
      else reject(unreachable(`The engine's socket ${path} cannot be opened (${error.code ?? error.message}).`, place))
    }
    socket.once('error', refuse)
  })

type Place = Pick<Paths, 'engineSocket' | 'engineLock' | 'runtime'>

const unreachable = (message: string, { engineLock }: Place): MoleError => {
  const pid = readHolder(engineLock)
  return new MoleError('engine-unreachable', message, {
    field: 'engine',
    meaning: 'The command cannot talk to it; tunnels, if any, are not touched.',
    nextStep: `End it with "kill -9 ${pid ?? 'PID'}"${pid === null ? ' (its process has the socket open)' : ''}, then try again: the next engine finds what is up.`,
  })
}

/** In /tmp anybody could have made the directory first, with a socket in it that only looks like our engine's. */
const assertOurs = async (runtime: string): Promise<void> => {
  const problem = await assertPrivateDirectory(runtime).catch((error: unknown) => error)
  if (problem instanceof MoleError) throw problem
}

/**
 * Connects to the user's running engine; `null` when none runs.
 * @throws MoleError `engine-unreachable` when one is there but does not answer, `denied` when its directory is not
 *   ours alone.
 */
export const attach = async (paths: Place): Promise<Client<AppContract> | null> => {
  await assertOurs(paths.runtime)
  const socket = await dial(paths)
  if (socket === null) return null
  const client = connect(appContract, byteStreamPort(socket))
  try {
    await client.call('engine.hello', {}, { signal: AbortSignal.timeout(HELLO_LIMIT_MS) })
    return client
  } catch (error) {
    client.close()
    // It ended between our dialling and our asking: as good as none.
    if (error instanceof MoleError && error.code === 'disconnected') return null
    throw unreachable(`The engine did not answer within ${HELLO_LIMIT_MS / 1000} s.`, paths)
  }
}
