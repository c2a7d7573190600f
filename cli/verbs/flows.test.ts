import { describe, expect, it } from 'vitest'
import type { Flow, FlowsView } from '../../contract/app.ts'
import { connected, fakeEngine } from '../testing/fake-engine.ts'
import { fakeWorld, mole } from '../testing/fake-world.ts'

const flow = (change: Partial<Flow>): Flow => ({
  local: '10.100.255.1:40000',
  remote: '10.200.0.10:5201',
  tunnel: 2,
  mptcpToken: null,
  backup: false,
  bytesSent: 2e8,
  bytesReceived: 0,
  deliveryBitsPerSecond: null,
  pacingBitsPerSecond: null,
  rttMs: 12.34,
  congestionWindow: 10,
  congestionControl: 'cubic',
  retransmits: 0,
  busyMs: 0,
  receiverLimitedMs: 0,
  sendBufferLimitedMs: 0,
  applicationLimited: false,
  uid: 0,
  upBitsPerSecond: null,
  downBitsPerSecond: null,
  isElephant: true,
  limitedBy: 'The receiver: its window was full for 71 % of the time.',
  ...change,
})

const view = (atMs: number, flows: Flow[]): FlowsView => ({
  atMs,
  flows,
  mptcp: {
    available: true,
    schedulers: ['default'],
    scheduler: 'default',
    pathManager: 'kernel',
    endpoints: [],
    subflowLimit: 8,
  },
  spread: 'round-robin',
  strategy: { asked: 'adaptive', inForce: 'The kernel’s default scheduler.' },
})

/** Looks for as long as somebody watches; the first knows no rates. */
const looking = (flows: (look: number) => Flow[]) =>
  fakeEngine(connected(2), {
    'flows.watch': async function* (_, { signal }) {
      for (let look = 1; !signal.aborted; look += 1) {
        yield view(look * 1000, flows(look))
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
    },
  })

describe('mole flows', () => {
  const growing = looking((look) => [
    flow({ upBitsPerSecond: look === 1 ? null : 48_000_000 }),
    flow({ tunnel: 1, mptcpToken: 'c0ffee00', backup: true, isElephant: false, limitedBy: null, rttMs: null }),
  ])

  it('prints the second look: the first knows no rates', async () => {
    const { code, out } = await mole('flows', fakeWorld(growing))
    expect(code).toBe(0)
    const lines = out.split('\n')
    expect(lines[0]).toBe('Connections take the tunnels in turn.')
    expect(lines[1]).toBe('Multipath TCP, adaptive: The kernel’s default scheduler.')
    expect(lines.find((line) => line.startsWith('*'))).toMatch(
      /10\.100\.255\.1:40000 +10\.200\.0\.10:5201 +2 +48\.0 Mbit\/s +– +200 MB +12\.3 ms +The receiver/,
    )
    expect(lines.find((line) => line.includes('backup'))).toMatch(/1 \(subflow, backup\) +– +– +200 MB +–$/)
  })

  it('prints one JSON object, with everything', async () => {
    const { out } = await mole('flows --json', fakeWorld(growing))
    const printed = JSON.parse(out)
    expect(printed).toMatchObject({ version: 1, ok: true, atMs: 2000, spread: 'round-robin' })
    expect(printed.flows[0].upBitsPerSecond).toBe(48_000_000)
  })

  it('goes on with --watch, as often as asked, or until it is interrupted', async () => {
    const { out } = await mole('flows --watch --json --count 3', fakeWorld(growing))
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).atMs),
    ).toEqual([1000, 2000, 3000])
    const world = fakeWorld(growing)
    const running = mole('flows --watch', world)
    while (world.out.length < 2) await new Promise((resolve) => setTimeout(resolve, 2))
    world.interrupt()
    expect((await running).code).toBe(0)
  })

  it('says so when there are none', async () => {
    expect((await mole('flows', fakeWorld(looking(() => [])))).out).toContain(
      'No connection goes over the tunnels now.',
    )
  })
})
