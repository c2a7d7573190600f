import { describe, expect, it } from 'vitest'
import { MoleError } from '../../../contract/errors.ts'
import { InterfaceFacts } from '../../../domain/probe/interface.ts'
import type { Program } from '../../run.ts'
import { eventsOf, hearing, recordedRunner } from '../testing/heard.ts'
import { measureInterface } from './measure-interface.ts'

const NET = '/sys/class/net/ens5'
const FILES: Readonly<Record<string, string>> = {
  '/proc/sys/kernel/osrelease': '6.1.0\n',
  '/proc/cpuinfo': 'model name\t: Xeon\nflags\t\t: fpu aes avx2 hypervisor\n',
  '/proc/self/status': 'Name:\tnode\nCpus_allowed_list:\t0-2,8\n',
  '/proc/sys/net/mptcp/enabled': '1\n',
  '/proc/sys/net/ipv4/tcp_rmem': '4096\t131072\t6291456\n',
  '/proc/sys/net/ipv4/tcp_wmem': '4096\t16384\t4194304\n',
  '/proc/sys/net/ipv4/tcp_window_scaling': '0\n',
  '/proc/sys/net/ipv4/tcp_congestion_control': 'cubic\n',
  '/proc/sys/net/ipv4/tcp_available_congestion_control': 'reno cubic\n',
  [`${NET}/speed`]: '25000\n',
  [`${NET}/duplex`]: 'full\n',
  [`${NET}/mtu`]: '9001\n',
  [`${NET}/device/numa_node`]: '-1\n',
  [`${NET}/device/sriov_totalvfs`]: '16\n',
  [`${NET}/queues/rx-0/rps_cpus`]: '00000005\n',
  [`${NET}/queues/rx-1/rps_cpus`]: '00000006\n',
}
const LISTS: Readonly<Record<string, readonly string[]>> = {
  [`${NET}/queues`]: ['rx-0', 'rx-1', 'tx-0'],
  '/sys/module/wireguard': ['version'],
}
const files = {
  read: (path: string) => FILES[path] ?? null,
  list: (path: string) => LISTS[path] ?? [],
  link: (path: string) => (path === `${NET}/device/driver` ? '../../bus/pci/drivers/ena' : null),
}

const ROUTE = { stdout: '[{"dst":"192.0.2.9","dev":"ens5"}]' }
const SAID = {
  'ip -json -4 route get 192.0.2.9': ROUTE,
  'ip -json -4 route show default': ROUTE,
  'ip link add molewg numtxqueues 5000 type wireguard': {
    stderr: 'RTNETLINK answers: Operation not permitted',
    code: 2,
  },
}
const EXTRA: readonly Program[] = ['ethtool', 'systemd-detect-virt', 'wireguard-go']
const missing = (program: Program): Error | null =>
  EXTRA.includes(program)
    ? new MoleError('missing-program', `The program "${program}" is not installed.`, {
        nextStep: `Install "${program}".`,
      })
    : null

const factsOf = async (towards: string | null = '192.0.2.9'): Promise<InterfaceFacts> => {
  const context = hearing(recordedRunner(SAID, missing))
  await measureInterface({ do: 'interface', towards }, context, files)
  return InterfaceFacts.parse(eventsOf(context.events, 'interface')[0]?.facts)
}

describe('the facts of an interface', () => {
  it('are read from the kernel, each saying from where', async () => {
    const facts = await factsOf()
    expect(facts.name).toBe('ens5')
    expect(facts.speedBitsPerSecond).toMatchObject({ value: 25e9, lacks: null })
    expect(facts.speedBitsPerSecond.from).toMatchObject({ kind: 'measured', how: `${NET}/speed`, version: '6.1.0' })
    expect([facts.mtuBytes.value, facts.duplex.value, facts.driver.value]).toEqual([9001, 'full', 'ena'])
    expect([facts.receiveQueues.value, facts.transmitQueues.value, facts.srIovFunctions.value]).toEqual([2, 1, 16])
    expect(facts.cores.value).toBe(4)
    expect(facts.cpuFlags.value).toEqual(['aes', 'avx2'])
    expect([facts.tcpReceiveBufferBytes.value, facts.tcpSendBufferBytes.value]).toEqual([6_291_456, 4_194_304])
    expect([facts.windowScaling.value, facts.mptcp.value, facts.wireguard.value]).toEqual([false, true, 'kernel'])
  })

  it('count the cores in the masks of all queues, each once', async () => {
    expect((await factsOf()).rpsCores.value).toBe(3)
  })

  it('that cannot be had say why, and are not guessed', async () => {
    const facts = await factsOf()
    expect(facts.offloads).toMatchObject({ value: null, lacks: expect.stringContaining('Install "ethtool"') })
    expect(facts.receiveRing.value).toBeNull()
    expect(facts.numaNode).toMatchObject({ value: null, lacks: expect.stringContaining('firmware') })
    expect(facts.xpsCores).toMatchObject({ value: null, lacks: expect.stringContaining('mask') })
    expect(facts.receiveBufferBytes.lacks).toContain('namespace')
    expect(facts.mptcpSchedulers.lacks).not.toBeNull()
  })

  it('tell a virtual machine by its CPU where nothing else does', async () => {
    expect((await factsOf()).virtualisation).toMatchObject({ value: 'a virtual machine', lacks: null })
  })

  it('are those of the default route where nothing is measured towards', async () => {
    expect((await factsOf(null)).name).toBe('ens5')
  })

  it('are those of the default route, which is said, where no route leads to the target', async () => {
    const unreachable = { stderr: 'RTNETLINK answers: Network is unreachable', code: 2 }
    const context = hearing(recordedRunner({ ...SAID, 'ip -json -4 route get 192.0.2.9': unreachable }, missing))
    await measureInterface({ do: 'interface', towards: '192.0.2.9' }, context, files)
    expect(eventsOf(context.events, 'interface')[0]?.facts.name).toBe('ens5')
    expect(eventsOf(context.events, 'problem')).toEqual([
      {
        kind: 'problem',
        // Of a piece, not of the part: that has its facts.
        of: 'route',
        problem: expect.objectContaining({
          message: 'No route leads to 192.0.2.9: Network is unreachable.',
          meaning: expect.stringContaining('ens5, of the default route'),
        }),
      },
    ])
  })

  it('are none where there is no default route either', async () => {
    const none = recordedRunner({
      'ip -json -4 route get 192.0.2.9': { stderr: 'RTNETLINK answers: Network is unreachable', code: 2 },
      'ip -json -4 route show default': { stdout: '[]' },
    })
    await expect(measureInterface({ do: 'interface', towards: '192.0.2.9' }, hearing(none), files)).rejects.toThrow(
      'No route leads to 192.0.2.9: Network is unreachable.',
    )
    await expect(measureInterface({ do: 'interface', towards: null }, hearing(none), files)).rejects.toThrow(
      'no default route',
    )
  })
})
