import { describe, expect, it } from 'vitest'
import type { Monitor } from '../monitor/model.ts'
import { connected, fakeEngine } from '../testing/fake-engine.ts'
import { fakeWorld, mole } from '../testing/fake-world.ts'

const sampling = () =>
  fakeEngine(connected(1), {
    'telemetry.watch': async function* (_, { signal }) {
      yield { kind: 'history', samples: [] }
      for (let atMs = 1000; !signal.aborted; atMs += 1000) {
        await new Promise((resolve) => setTimeout(resolve, 5))
        yield { kind: 'sample', sample: { atMs, tunnels: [] } }
      }
    },
  })

describe('mole monitor', () => {
  it('prints one JSON object a second where it is asked to, and ends after --count', async () => {
    const { code, out } = await mole('monitor --json --count 3', fakeWorld(sampling()))
    expect(code).toBe(0)
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ version, ok, telemetry }) => [version, ok, telemetry.atMs])).toEqual([
      [1, true, 1000],
      [1, true, 2000],
      [1, true, 3000],
    ])
    expect(lines[0].deployment.phase).toBe('connected')
  })

  it('prints text where there is no terminal, until it is interrupted', async () => {
    const world = fakeWorld(sampling())
    const running = mole('monitor', world)
    while (world.out.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    world.interrupt()
    const { code, out } = await running
    expect(code).toBe(0)
    expect(out).toMatch(/^Connected: lab, 1 tunnel/)
  })

  it('draws on a terminal, and gives it back when the person leaves', async () => {
    const shown: Monitor[] = []
    let isOpen = false
    const world = fakeWorld(
      sampling(),
      {},
      {
        isInteractive: true,
        canRedraw: true,
        openMonitorScreen: async (onQuit) => {
          isOpen = true
          return {
            show: (monitor) => {
              shown.push(monitor)
              if (monitor.samples.length === 2) onQuit()
            },
            close: async () => {
              isOpen = false
            },
          }
        },
      },
    )
    const { code, out } = await mole('monitor', world)
    expect([code, out, isOpen]).toEqual([0, '', false])
    expect(shown.at(-1)?.samples).toHaveLength(2)
  })

  it('gives the terminal back and says so when the engine goes away', async () => {
    const engine = sampling()
    let isOpen = false
    const world = fakeWorld(
      engine,
      {},
      {
        isInteractive: true,
        canRedraw: true,
        openMonitorScreen: async () => {
          isOpen = true
          return {
            show: () => engine.die(),
            close: async () => {
              isOpen = false
            },
          }
        },
      },
    )
    const { code, err } = await mole('monitor', world)
    expect([code, isOpen]).toEqual([5, false])
    expect(err).not.toBe('')
  })

  it('has nothing to watch where nothing is deployed', async () => {
    const { code, err } = await mole('monitor', fakeWorld(null))
    expect(code).toBe(4)
    expect(err).toContain('Nothing is deployed')
  })

  it('refuses a count that is none', async () => {
    const { code, err } = await mole('monitor --count 0', fakeWorld(sampling()))
    expect(code).toBe(2)
    expect(err).toContain('--count 0')
  })
})
