import { createConnection } from 'node:net'
import { MoleError } from '../contract/errors.ts'

/**
 * Asks the process that serves a userspace interface, over its socket: "cross-platform userspace implementation"
 * protocol, https://www.wireguard.com/xplatform/. Keys travel through a root-only socket, never through arguments.
 * @throws MoleError `not-available` when nobody answers.
 */
export type Uapi = (interfaceName: string, request: string) => Promise<string>

/** A dead process refuses at once. One that waits for a core, on a machine that has none to spare, is not dead. */
const TIMEOUT_MS = 10_000

/** Where `wireguard-go` puts the socket of an interface. */
export const uapiSocketPath = (interfaceName: string): string => `/var/run/wireguard/${interfaceName}.sock`

const silent = (interfaceName: string, cause?: Error): MoleError =>
  new MoleError(
    'not-available',
    `No WireGuard process answers for ${interfaceName}.`,
    { field: interfaceName },
    { cause },
  )

export const askUapi: Uapi = (interfaceName, request) =>
  new Promise((resolve, reject) => {
    let answer = ''
    const socket = createConnection(uapiSocketPath(interfaceName))
    const finish = (settle: () => void): void => {
      socket.destroy()
      settle()
    }
    socket.setEncoding('utf8')
    socket.setTimeout(TIMEOUT_MS, () => finish(() => reject(silent(interfaceName))))
    socket.on('error', (error) => finish(() => reject(silent(interfaceName, error))))
    socket.on('end', () => finish(() => reject(silent(interfaceName))))
    socket.on('data', (text: string) => {
      answer += text
      // An answer ends with an empty line.
      if (answer.endsWith('\n\n')) finish(() => resolve(answer))
    })
    socket.end(`${request}\n`)
  })
