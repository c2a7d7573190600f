import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { OURS } from '../../domain/ours.ts'
import type { System } from '../system.ts'
import { makeFakeSystem } from '../testing/fake-system.ts'
import { bundle } from '../testing/states.ts'
import { observeFlows } from './bundle-flows.ts'
import { laneOfMark, parseConntrack } from './conntrack.ts'

const SOCKETS = readFileSync(new URL('recorded/ss-6.1-upload.txt', import.meta.url), 'utf8')
const ORDINARY = /10\.100\.255\.1:(\d+) 10\.200\.0\.10:5001/.exec(SOCKETS)?.[1] ?? ''

/** A host with these programs; any other, or other arguments, are refused. */
const host = (programs: Record<string, (argv: string, input: string) => string | null>): System => {
  const system = makeFakeSystem()
  return {
    ...system,
    runner: {
      ...system.runner,
      run: async (program, argv, { input = '' } = {}) => {
        const stdout = programs[program]?.(argv.join(' '), input)
        if (stdout === undefined) throw new Error(`unexpected program ${program}`)
        return stdout === null ? { stdout: '', stderr: 'no', code: 1 } : { stdout, stderr: '', code: 0 }
      },
    },
  }
}

const tracked = (source: string, port: string, mark: number, more = ''): string =>
  `ipv4     2 tcp      6 300 ESTABLISHED src=${source} dst=10.200.0.10 sport=${port} dport=5001 ${more}src=10.200.0.10 dst=${source} sport=5001 dport=${port} ${more}[ASSURED] mark=${mark} use=1\n`

const routeTo = (devices: string[]) => (_: string, input: string) =>
  input
    .trim()
    .split('\n')
    .map((_line, at) => `10.200.0.10 from 10.100.255.1 dev ${devices[at % devices.length]} \\ cache\n`)
    .join('')

describe('observeFlows', () => {
  it('asks only for connections towards the bundle', async () => {
    let filter = ''
    const system = host({
      ss: (argv) => {
        filter = argv
        return ''
      },
      conntrack: () => '',
    })
    const relay = { bastions: [{ address: '10.100.254.1', port: 7009, tunnels: ['mole1'] }] }
    expect(await observeFlows(system, bundle(2, { spread: 'round-robin', relay }))).toEqual([])
    expect(filter).toBe('-tinHOe ( dst 10.200.0.0/24 or dst 10.100.254.1/32 )')
  })

  it('looks at nothing where nothing was asked for', async () => {
    expect(await observeFlows(host({}), null)).toEqual([])
    expect(await observeFlows(host({}), bundle(1, { routes: [] }))).toEqual([])
  })

  it('tells the tunnel by the address of a subflow, and asks the kernel for the rest', async () => {
    const flows = await observeFlows(host({ ss: () => SOCKETS, ip: routeTo(['mole2']) }), bundle(2))
    const byAddress = (address: string): (number | null)[] =>
      flows.filter(({ local }) => local.startsWith(`${address}:`)).map(({ tunnel }) => tunnel)
    expect(byAddress('10.100.1.1')).toEqual([1])
    expect(byAddress('10.100.2.1')).toEqual([2])
    expect(byAddress('10.100.255.1')).toEqual([2, 2])
    const sizes = flows.map(({ bytesSent, bytesReceived }) => bytesSent + bytesReceived)
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
  })

  it('dealt out one after the other, has the kernel told the mark of the connection', async () => {
    let asked = ''
    const system = host({
      ss: () => SOCKETS,
      conntrack: (argv) => {
        expect(argv).toBe(`-L -f ipv4 --mark ${0x6d6f0000}/${0xffff0000}`)
        return tracked('10.100.255.1', ORDINARY, OURS.markBase + 1)
      },
      ip: (argv, input) => {
        asked = input
        return routeTo(['mole1'])(argv, input)
      },
    })
    const flows = await observeFlows(system, bundle(2, { spread: 'round-robin' }))
    expect(asked).toBe(
      `route get 10.200.0.10 from 10.100.255.1 mark ${OURS.markBase + 1} ipproto tcp sport ${ORDINARY} dport 5001\n`,
    )
    expect(flows.find(({ remote }) => remote.endsWith(':5001'))?.tunnel).toBe(1)
    // Its first subflow is dealt out like any, and nobody knows of its mark here.
    expect(
      flows.find(({ local, mptcpToken }) => mptcpToken !== null && local.startsWith('10.100.255.1'))?.tunnel,
    ).toBeNull()
  })

  it('says of what the relay takes over that it rides no tunnel itself', async () => {
    const relay = { bastions: [{ address: '10.100.254.1', port: 7009, tunnels: ['mole1'] }] }
    const flows = await observeFlows(host({ ss: () => SOCKETS, ip: routeTo(['mole1']) }), bundle(2, { relay }))
    expect(flows.find(({ remote }) => remote.endsWith(':5001'))?.tunnel).toBeNull()
    expect(flows.find(({ local }) => local.startsWith('10.100.2.1'))?.tunnel).toBe(2)
  })

  it('tells of other machines’ connections and UDP where the kernel counts them', async () => {
    const counted = tracked('192.168.7.2', '40000', OURS.markBase + 2, 'packets=9 bytes=9000 ')
    const udp =
      'udp      17 30 src=10.100.255.1 dst=10.200.0.10 sport=6000 dport=6001 packets=1 bytes=70 src=10.200.0.10 dst=10.100.255.1 sport=6001 dport=6000 packets=1 bytes=80 mark=0 use=1\n'
    const system = host({ ss: () => '', conntrack: () => counted + udp + tracked('192.168.7.3', '1', 0), ip: () => '' })
    expect(await observeFlows(system, bundle(2, { spread: 'round-robin' }))).toEqual([
      expect.objectContaining({
        local: '192.168.7.2:40000',
        tunnel: 2,
        bytesSent: 9000,
        bytesReceived: 9000,
        congestionControl: '',
      }),
      expect.objectContaining({
        local: '10.100.255.1:6000',
        tunnel: null,
        bytesSent: 70,
        bytesReceived: 80,
        congestionControl: 'udp',
      }),
    ])
  })

  it('leaves the tunnel open where the kernel does not tell', async () => {
    const flows = await observeFlows(host({ ss: () => SOCKETS, ip: () => null }), bundle(1))
    expect(flows.find(({ remote }) => remote.endsWith(':5001'))?.tunnel).toBeNull()
    expect(await observeFlows(host({ ss: () => null }), bundle(1))).toEqual([])
  })
})

describe('parseConntrack', () => {
  it('leaves out what has ended, and other protocols', () => {
    const ended = tracked('10.0.0.1', '1', 0).replace('ESTABLISHED', 'TIME_WAIT')
    expect(parseConntrack(`${ended}icmp 1 29 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=1 mark=0\n`)).toEqual([])
  })

  it('knows our marks from others', () => {
    const lanes = [2, 101]
    expect(laneOfMark(0x6d6f9d01, lanes)).toBe(101)
    expect(laneOfMark(0x6d6f0002, lanes)).toBe(2)
    expect(laneOfMark(0x6d6f0003, lanes)).toBeNull()
    expect(laneOfMark(0, lanes)).toBeNull()
    expect(laneOfMark(0x6d6e0001, lanes)).toBeNull()
    expect(laneOfMark(0xed6f0001, lanes)).toBeNull()
  })
})
