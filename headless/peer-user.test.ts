import { connect, createServer, type Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { mayTry, parsePeerUser } from './peer-user.ts'

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 11 1
   1: 0100007F:C001 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 12 1
   2: 0100007F:1F90 0100007F:C001 01 00000000:00000000 00:00000000 00000000  1000        0 13 1
   3: 0A00000A:C002 0A00000B:1F90 01 00000000:00000000 00:00000000 00000000  1002        0 14 1
`

describe('the user at the other end', () => {
  it('is the owner of the connecting socket, not of ours', () => {
    expect(parsePeerUser(TABLE, { remotePort: 0xc001, localPort: 0x1f90 })).toBe(1001)
  })

  it('is unknown for a connection that is not in the table, or not on loopback', () => {
    expect(parsePeerUser(TABLE, { remotePort: 0xc003, localPort: 0x1f90 })).toBeNull()
    expect(parsePeerUser(TABLE, { remotePort: 0xc002, localPort: 0x1f90 })).toBeNull()
    expect(parsePeerUser('', { remotePort: 1, localPort: 2 })).toBeNull()
  })

  it('is nobody once that end was closed: the kernel then names root, or nothing', () => {
    const closed = (state: string): string =>
      `head\n 0: 0100007F:C001 0100007F:1F90 ${state} 00000000:00000000 01:00000013 00000000 0 0 0\n`
    const peer = { remotePort: 0xc001, localPort: 0x1f90 }
    expect(parsePeerUser(closed('01'), peer)).toBe(0)
    for (const state of ['04', '05', '06', '08']) expect(parsePeerUser(closed(state), peer)).toBeNull()
  })

  it('is found in the IPv6 table too', () => {
    const line = `head\n 0: 0000000000000000FFFF00000100007F:C001 0000000000000000FFFF00000100007F:1F90 01 0:0 0:0 0 7 0 1\n`
    expect(parsePeerUser(line, { remotePort: 0xc001, localPort: 0x1f90 })).toBe(7)
  })

  it.runIf(process.platform === 'linux')('of a real connection is this very user', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    const { port } = await new Promise<{ port: number }>((resolve) => {
      server.once('listening', () => resolve(server.address() as { port: number }))
    })
    const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve))
    const client = connect(port, '127.0.0.1')
    try {
      const socket = await accepted
      socket.on('error', () => {})
      const own = process.getuid?.() ?? 0
      expect(await mayTry(socket, own)).toBe(true)
      // Root may always; anybody else only if it is them.
      expect(await mayTry(socket, own + 1)).toBe(own === 0)
      client.resetAndDestroy()
      await expect.poll(() => mayTry(socket, own)).toBe(false)
    } finally {
      client.destroy()
      server.close()
    }
  })
})
