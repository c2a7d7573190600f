import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { OURS } from '../../domain/ours.ts'
import { bundle, keyOf } from '../testing/states.ts'
import { parseEcho, renderEcho } from './echo-message.ts'
import { readEchoTargets } from './echo-targets.ts'
import { makeEchoWindow } from './echo-window.ts'
import { makeProber, type Prober, type ProberParts } from './prober.ts'
import { makeWatchers, type WatchEvent } from './watch.ts'

describe('a window of echoes', () => {
  it('knows nothing before anything was due', () => {
    const window = makeEchoWindow()
    expect(window.read(0)).toEqual({ rttMs: null, lossRatio: null })
    window.sent(1, 0)
    expect(window.read(100)).toEqual({ rttMs: null, lossRatio: null })
  })

  it('gives the median of what came back lately', () => {
    const window = makeEchoWindow()
    for (const [sequence, rttMs] of [10, 30, 20, 500].entries()) {
      window.sent(sequence, 1000)
      expect(window.returned(sequence, 1000 + rttMs)).toBe(true)
    }
    expect(window.read(1600)).toEqual({ rttMs: 25, lossRatio: 0 })
    expect(window.read(9000)).toEqual({ rttMs: null, lossRatio: null })
  })

  it('counts as lost what is due and did not come back', () => {
    const window = makeEchoWindow()
    for (let sequence = 0; sequence < 10; sequence += 1) {
      window.sent(sequence, sequence * 200)
      if (sequence % 2 === 0) window.returned(sequence, sequence * 200 + 5)
    }
    expect(window.read(2600).lossRatio).toBe(0.5)
  })

  it('sees a tunnel that dies: the loss grows to all, and the round trip goes', () => {
    const window = makeEchoWindow()
    const losses: (number | null)[] = []
    for (let sequence = 0; sequence < 50; sequence += 1) {
      window.sent(sequence, sequence * 200)
      if (sequence < 25) window.returned(sequence, sequence * 200 + 10)
      losses.push(window.read(sequence * 200 + 100).lossRatio)
    }
    expect(losses[24]).toBe(0)
    expect(losses.slice(25)).toEqual(losses.slice(25).toSorted((a, b) => (a ?? 0) - (b ?? 0)))
    expect(window.read(9900)).toEqual({ rttMs: null, lossRatio: 1 })
  })

  it('counts an answer once, and only to what was asked', () => {
    const window = makeEchoWindow()
    window.sent(1, 0)
    expect(window.returned(2, 5)).toBe(false)
    expect(window.returned(1, 5)).toBe(true)
    expect(window.returned(1, 6)).toBe(false)
  })
})

describe('an echo', () => {
  it('is known again by who sent it, and by nobody else', () => {
    expect(parseEcho(renderEcho(7, 4_000_000_000), 7)).toBe(4_000_000_000)
    expect(parseEcho(renderEcho(7, 1), 8)).toBeNull()
    expect(parseEcho(Buffer.from('mole'), 7)).toBeNull()
    expect(parseEcho(Buffer.concat([renderEcho(7, 1), Buffer.from('x')]), 7)).toBeNull()
  })
})

describe('where echoes go', () => {
  it('is the far end inside each tunnel', () => {
    const links = bundle(2).tunnels.map((tunnel, at) => ({
      name: tunnel.name,
      flavour: 'userspace' as const,
      mtuBytes: 1420,
      isUp: at === 0,
      addresses: [tunnel.address],
      wireguard: {
        publicKey: keyOf(1),
        listenPort: 1,
        peers: [
          {
            publicKey: keyOf(2),
            endpoint: null,
            allowedNetworks: ['10.200.0.0/24', `10.100.${at + 1}.2/32`],
            keepaliveSeconds: 0,
          },
        ],
      },
    }))
    expect(readEchoTargets(links)).toEqual([{ name: 'mole1', hostAddress: '10.100.1.1', bastionAddress: '10.100.1.2' }])
  })
})

describe('the prober', () => {
  let prober: Prober | null = null
  let mirror: Socket | null = null
  afterEach(() => {
    prober?.close()
    mirror?.close()
    prober = null
    mirror = null
  })

  const probing = (address: string, bastionAddress: string, parts: Partial<ProberParts> = {}): Prober => {
    const probe = { intervalMs: 100, misses: 3 }
    const made = makeProber({ probe: () => probe, onFirstEcho: () => undefined, onStir: () => undefined, ...parts })
    made.aimAt([{ name: 'mole1', hostAddress: address, bastionAddress }], () => false)
    return made
  }

  const startMirror = async (address: string): Promise<void> => {
    const made = createSocket('udp4')
    mirror = made
    made.on('message', (message, { port, address: from }) => made.send(message, port, from))
    made.bind(OURS.echoPort, address)
    await once(made, 'listening')
  }

  it('measures a tunnel that answers, tells of its first answer once, and knows nothing of one it does not probe', async () => {
    await startMirror('127.77.0.2')
    const first = vi.fn<() => void>()
    prober = probing('127.77.0.1', '127.77.0.2', { onFirstEcho: first })
    await vi.waitFor(() => expect(prober?.read('mole1')?.rttMs).toBeGreaterThanOrEqual(0), 10_000)
    await vi.waitFor(() => expect(prober?.read('mole1')?.lossRatio).toBe(0), 10_000)
    expect(first).toHaveBeenCalledTimes(1)
    expect([prober.read('mole1')?.verdict, prober.read('mole2')]).toEqual(['up', null])
  })

  it('sees that nobody answers, and says so', async () => {
    const stirred = vi.fn<() => void>()
    prober = probing('127.77.0.3', '127.77.0.4', { onStir: stirred })
    const silent = { rttMs: null, lossRatio: 1, verdict: 'dead' }
    await vi.waitFor(() => expect(prober?.read('mole1')).toEqual(silent), 10_000)
    expect(stirred).toHaveBeenCalled()
  })

  it('tries again when the address is not free, or not there yet', async () => {
    const holder = createSocket('udp4').bind(OURS.echoPort, '127.77.0.5')
    await once(holder, 'listening')
    await startMirror('127.77.0.6')
    prober = probing('127.77.0.5', '127.77.0.6')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(prober.read('mole1')).toEqual({ rttMs: null, lossRatio: null, verdict: 'unknown' })
    holder.close()
    await vi.waitFor(() => expect(prober?.read('mole1')?.rttMs).toBeGreaterThanOrEqual(0), 10_000)
  })
})

describe('watching', () => {
  const source = { generation: () => 3, sample: async () => [] }

  const take = async (
    count: number,
    events: AsyncGenerator<WatchEvent, void>,
    onFirst = () => {},
  ): Promise<WatchEvent['kind'][]> => {
    const kinds: WatchEvent['kind'][] = []
    for await (const { kind } of events) {
      kinds.push(kind)
      if (kinds.length === 2) onFirst()
      if (kinds.length === count) break
    }
    return kinds
  }

  it('begins with the state, then a sample at once', async () => {
    const watchers = makeWatchers(source)
    expect(await take(3, watchers.open(new AbortController().signal))).toEqual(['state', 'sample', 'sample'])
  })

  it('tells of a change at once, and of a first answer', async () => {
    const watchers = makeWatchers(source)
    const signal = new AbortController().signal
    expect(await take(3, watchers.open(signal), watchers.changed)).toEqual(['state', 'sample', 'state'])
    const early = performance.now()
    await take(3, watchers.open(signal), watchers.hurry)
    const regular = performance.now()
    await take(3, watchers.open(signal))
    // The early sample came sooner than the regular one does.
    expect(regular - early).toBeLessThan(performance.now() - regular)
  })

  it('passes on what the helper did by itself', async () => {
    const watchers = makeWatchers(source)
    const tell = (): void => watchers.tell({ what: 'tunnel-rebuilt', text: 'mole1 was made again.' })
    expect(await take(3, watchers.open(new AbortController().signal), tell)).toEqual(['state', 'sample', 'news'])
  })

  it('ends with its reader', async () => {
    const watchers = makeWatchers(source)
    const abort = new AbortController()
    const seen = take(100, watchers.open(abort.signal), () => abort.abort())
    expect((await seen).length).toBeLessThan(4)
  })
})
