import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { constants } from 'node:os'
import { expect, it } from 'vitest'
import { openAsking } from './asking-socket.ts'

const { ECONNREFUSED } = constants.errno

/** A port on which nobody listens. */
const deadPort = async (): Promise<number> => {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return port
}

it('tells who refused a datagram, and why', async () => {
  const socket = openAsking({ address: '127.0.0.1', port: await deadPort() })
  try {
    expect(socket.refusals()).toEqual([])
    expect(socket.send(Buffer.from('anybody?'))).toBe(true)
    socket.standStill(10_000)
    expect(socket.refusals()).toEqual([{ errno: ECONNREFUSED, saidBy: '127.0.0.1', mtuBytes: 0 }])
    expect(socket.refusals()).toEqual([])
    expect(socket.receive()).toBeNull()
  } finally {
    socket.close()
  }
})

it('is not to be had where the kernel lets nobody send', () => {
  // The broadcast of the loopback: there is a route to it on every machine.
  expect(() => openAsking({ address: '127.255.255.255', port: 9 })).toThrow(
    expect.objectContaining({ code: 'EACCES', message: 'connect EACCES' }),
  )
})
