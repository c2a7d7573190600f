import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { measureRegions } from './regions.ts'
import { eventsOf, hearing, recordedRunner } from './testing/heard.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

const listen = async (): Promise<{ server: Server; port: number }> => {
  const server = createServer((socket) => socket.on('error', () => undefined).resume())
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as { port: number }).port }
}

const measure = async (ports: Readonly<Record<string, number>>, samples = 4, signal?: AbortSignal) => {
  const endpoints = Object.entries(ports).map(([region, port]) => ({ region, host: '127.0.0.1', port }))
  const context = hearing(recordedRunner({}), signal)
  await measureRegions({ do: 'regions', endpoints, samples }, context)
  return eventsOf(context.events, 'region').map(({ region }) => region)
}

describe('the time to each region', () => {
  it('is that of so many connections', async () => {
    const { server, port } = await listen()
    let connections = 0
    server.on('connection', () => {
      connections += 1
    })
    const [region] = await measure({ here: port })
    expect(region).toMatchObject({ region: 'here', endpoint: `127.0.0.1:${port}`, problem: null })
    expect(region?.trips).toMatchObject({ by: 'tcp', sent: 4, answered: 4 })
    expect(region?.trips?.minMs.from.how).toContain('4 of 4 knocks')
    expect(connections).toBe(4)
  })

  it('is not told of who refuses, as that may be a firewall nearby; others are', async () => {
    const [open, closed] = [await listen(), await listen()]
    await new Promise((resolve) => closed.server.close(resolve))
    const regions = await measure({ open: open.port, closed: closed.port })
    expect(Object.fromEntries(regions.map(({ region, trips }) => [region, trips !== null]))).toEqual({
      closed: false,
      open: true,
    })
    expect(regions.find(({ region }) => region === 'closed')?.problem).toContain('refuses')
  })

  it('is told of every region, however many there are', async () => {
    const { port } = await listen()
    const names = Array.from({ length: 40 }, (_, index) => `region-${index}`)
    const regions = await measure(Object.fromEntries(names.map((name) => [name, port])), 1)
    expect(regions.map(({ region }) => region).toSorted()).toEqual(names.toSorted())
  })

  it('is no longer asked for once cancelled', async () => {
    const { port } = await listen()
    expect(await measure({ here: port }, 4, AbortSignal.abort())).toEqual([])
  })
})
