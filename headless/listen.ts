import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MoleError } from '../contract/errors.ts'
import { assertLoopbackAddress } from './loopback.ts'

const started = (server: Server, listen: () => void): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => {
      server.off('error', reject)
      resolve()
    })
    listen()
  })

const cannotListen = (error: NodeJS.ErrnoException, port: number): MoleError =>
  error.code === 'EADDRINUSE'
    ? new MoleError('conflict', `Port ${port} of 127.0.0.1 is already in use.`, {
        field: 'port',
        meaning: 'Another program listens there, so the panel was not started.',
        nextStep: 'Choose another port, or leave --port out and a free one is taken.',
      })
    : new MoleError(
        'not-available',
        `The panel cannot listen on port ${port} of 127.0.0.1 (${error.code ?? 'unknown'}).`,
        {
          field: 'port',
          nextStep: 'Choose a port above 1023, or leave --port out and a free one is taken.',
        },
      )

/**
 * Listens on loopback. `port` 0 takes a free one.
 * @returns the port taken.
 * @throws MoleError `denied` for any other address, `conflict` when the port is taken.
 */
export const listenOnLoopback = async (server: Server, address: string, port: number): Promise<number> => {
  assertLoopbackAddress(address)
  try {
    // Exclusive: a second process may not share the port (SO_REUSEPORT) and take our visitors.
    await started(server, () => void server.listen({ host: address, port, exclusive: true }))
  } catch (error) {
    throw cannotListen(error as NodeJS.ErrnoException, port)
  }
  return (server.address() as AddressInfo).port
}
