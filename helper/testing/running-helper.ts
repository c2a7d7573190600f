import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect as connectSocket, type Socket } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { presentToken } from '../../contract/authenticate.ts'
import { connect } from '../../contract/connect.ts'
import type { Client } from '../../contract/define.ts'
import { type HelperContract, helperContract } from '../../contract/helper.ts'
import { byteStreamPort } from '../../contract/ports/byte-stream.ts'

export type RunningHelper = {
  readonly child: ChildProcess
  /** All it has said on stderr so far. */
  readonly log: () => string
  /** A fresh connection. */
  readonly connect: () => Promise<Client<HelperContract>>
  /** Ends it, by SIGKILL unless said otherwise. */
  readonly end: (signal?: NodeJS.Signals) => Promise<void>
}

const ENTRY = fileURLToPath(new URL('../main.ts', import.meta.url))

export const HELPER_COMMAND = (directory: string, entry = ENTRY): string[] => [
  entry,
  'serve',
  '--directory',
  directory,
  '--lab',
]

const openSocket = (path: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connectSocket(path)
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
  })

/** Connects to the helper of `directory` with its token. */
export const connectHelper = async (directory: string): Promise<Client<HelperContract>> => {
  const port = byteStreamPort(await openSocket(join(directory, 'helper.sock')))
  await presentToken(port, readFileSync(join(directory, 'helper.token'), 'utf8').trim())
  return connect(helperContract, port)
}

/** What was started is `nsenter`, which waits for the helper in its other process namespace and ends with it. */
const signalChildOf = (pid: number, signal: NodeJS.Signals): void => {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
    for (const child of children.filter((text) => text !== '')) process.kill(Number(child), signal)
  } catch {
    // It has ended already.
  }
}

/** Waits until a helper that was started says that it serves. Rejects with its words when it ends instead. */
export const awaitHelper = async (child: ChildProcess, directory: string): Promise<RunningHelper> => {
  let log = ''
  const clients: Client<HelperContract>[] = []
  const exited = once(child, 'exit')
  await new Promise<void>((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text
      if (/"event":"start".*"outcome":"ok"/.test(log)) resolve()
    })
    void exited.then(() => reject(new Error(`the helper ended: ${log}`)))
  })
  return {
    child,
    log: () => log,
    connect: async () => {
      const client = await connectHelper(directory)
      clients.push(client)
      return client
    },
    end: async (signal = 'SIGKILL') => {
      for (const client of clients) client.close()
      signalChildOf(child.pid ?? 0, signal)
      await exited
    },
  }
}
