import { describe, expect, it } from 'vitest'
import type { System } from '../system.ts'
import { makeFakeSystem } from '../testing/fake-system.ts'
import { beginWireGuard, observeServed } from './served.ts'

const DEV = ['    lo: 1 1', ' mole1: 1 1', ' mole2: 1 1', ''].join('\n')
const DUMP = 'mole1\t(none)\t(none)\t7\toff\nmole2\t(none)\t(none)\t8\toff\n'

/** mole1 by a process, mole2 by the kernel; `sockets` are those that lie about. */
const host = (sockets: readonly string[], answering: readonly string[]): { system: System; asked: string[] } => {
  const asked: string[] = []
  const fake = makeFakeSystem({ '/proc/net/dev': DEV })
  const system: System = {
    ...fake,
    isServed: (name) => sockets.includes(name),
    uapi: async (name) => {
      asked.push(name)
      if (!answering.includes(name)) throw new Error('nobody')
      return 'listen_port=5\nerrno=0\n\n'
    },
    runner: {
      ...fake.runner,
      run: async (program) => {
        asked.push(program)
        return { stdout: DUMP, stderr: '', code: 0 }
      },
    },
  }
  return { system, asked }
}

describe('which interfaces are served', () => {
  it('is seen without a process where WireGuard runs in user space', async () => {
    const { system, asked } = host(['mole1', 'mole2'], ['mole1'])
    const { links } = await observeServed(system)
    expect(links).toMatchObject([
      { name: 'mole1', wireguard: { listenPort: 5 } },
      { name: 'mole2', wireguard: null },
    ])
    expect(asked).toEqual(['mole1', 'mole2'])
  })
})

describe('what WireGuard says', () => {
  it('is read before it is known who does the encryption', async () => {
    const { system, asked } = host(['mole1'], ['mole1'])
    const finish = beginWireGuard(system)
    expect(asked.toSorted()).toEqual(['mole1', 'wg'])
    const readings = await finish([
      { name: 'mole1', flavour: 'userspace' },
      { name: 'mole2', flavour: 'kernel' },
    ])
    expect(readings.get('mole1')?.settings.listenPort).toBe(5)
    expect(readings.get('mole2')?.settings.listenPort).toBe(8)
    expect(asked).toHaveLength(2)
  })

  it('is asked again where a guess was asked in vain', async () => {
    const { system } = host([], ['mole1'])
    const run: System['runner']['run'] = () => Promise.reject(new Error('wg is not installed'))
    const finish = beginWireGuard({ ...system, runner: { ...system.runner, run } })
    const readings = await finish([{ name: 'mole1', flavour: 'userspace' }])
    expect([...readings.keys()]).toEqual(['mole1'])
  })

  it('is read once more where a socket lay about that nobody serves', async () => {
    const { system } = host(['mole1', 'mole2'], ['mole1'])
    const readings = await beginWireGuard(system)([
      { name: 'mole1', flavour: 'userspace' },
      { name: 'mole2', flavour: 'kernel' },
    ])
    expect(readings.get('mole2')?.settings.listenPort).toBe(8)
  })
})
