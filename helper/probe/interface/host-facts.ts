import type { Fact } from '../../../domain/probe/figure.ts'
import type { InterfaceFacts } from '../../../domain/probe/interface.ts'
import { parseCoreList } from '../../tuning/core-list.ts'
import { allowedCores } from '../../tuning/processes.ts'
import { found, foundOr, type KernelFiles } from './fact.ts'

const IPV4 = '/proc/sys/net/ipv4'
const CORE = '/proc/sys/net/core'
const MPTCP = '/proc/sys/net/mptcp'
const CPUINFO = '/proc/cpuinfo'

/** What matters to encryption and copying: x86 first, then ARM (as `/proc/cpuinfo` names them). */
const FLAGS = ['aes', 'vaes', 'avx', 'avx2', 'avx512f', 'sha_ni', 'sha2', 'asimd', 'sve']

/** Only the first network namespace has it (`sysctl_core_net_init`, net/core/sysctl_net_core.c). */
const NOT_IN_NAMESPACE = 'this network namespace does not show it; the host has one limit for all'

const lineOf = (cpuinfo: string, names: readonly string[]): string | null =>
  names.flatMap((name) => new RegExp(`^${name}\\s*:\\s*(.+)$`, 'm').exec(cpuinfo)?.[1]?.trim() ?? [])[0] ?? null

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '')

/** The last of three numbers of `tcp_rmem` and `tcp_wmem`: how far autotuning goes (`tcp(7)`). */
const mostOf = ({ text, from }: KernelFiles, name: string): Fact<number> => {
  const path = `${IPV4}/${name}`
  const most = Number(words(text(path) ?? '')[2] ?? Number.NaN)
  return foundOr(Number.isInteger(most) ? most : null, `${path} does not hold three numbers`, from(path))
}

const limitOf = ({ number, from }: KernelFiles, name: string): Fact<number> => {
  const path = `${CORE}/${name}`
  return foundOr(number(path), NOT_IN_NAMESPACE, from(path))
}

type CpuFacts = Pick<InterfaceFacts, 'kernel' | 'cpuModel' | 'cores' | 'cpuFlags'>

/** The machine itself. */
export const observeCpu = ({ files, text, from }: KernelFiles): CpuFacts => {
  const cpuinfo = files.read(CPUINFO) ?? ''
  const flags = lineOf(cpuinfo, ['flags', 'Features'])
  const cores = parseCoreList(allowedCores(files.read('/proc/self/status')) ?? '').length
  return {
    kernel: foundOr(text('/proc/sys/kernel/osrelease'), 'it does not say', from('/proc/sys/kernel/osrelease')),
    // ARM names no model there.
    cpuModel: foundOr(lineOf(cpuinfo, ['model name', 'Model']), `${CPUINFO} names no model`, from(CPUINFO)),
    cores: foundOr(
      cores === 0 ? null : cores,
      'it does not say',
      from('cores that this process may use, /proc/self/status'),
    ),
    cpuFlags: foundOr(
      flags === null ? null : FLAGS.filter((flag) => words(flags).includes(flag)),
      `${CPUINFO} names no flags`,
      from(CPUINFO),
    ),
  }
}

type TcpFacts = Pick<
  InterfaceFacts,
  | 'mptcp'
  | 'mptcpSchedulers'
  | 'congestionControls'
  | 'congestionControl'
  | 'tcpReceiveBufferBytes'
  | 'tcpSendBufferBytes'
  | 'receiveBufferBytes'
  | 'sendBufferBytes'
  | 'windowScaling'
>

/** How TCP is set. */
export const observeTcp = (kernel: KernelFiles): TcpFacts => {
  const { text, number, from } = kernel
  const list = (path: string, why: string): Fact<string[]> => {
    const names = text(path)
    return foundOr(names === null ? null : words(names), why, from(path))
  }
  const control = `${IPV4}/tcp_congestion_control`
  const scaling = number(`${IPV4}/tcp_window_scaling`)
  return {
    // A kernel without Multipath TCP has no such file.
    mptcp: found(number(`${MPTCP}/enabled`) === 1, from(`${MPTCP}/enabled`)),
    mptcpSchedulers: list(`${MPTCP}/available_schedulers`, 'the kernel does not list them (it does from 6.10 on)'),
    congestionControls: list(`${IPV4}/tcp_available_congestion_control`, 'the kernel does not list them'),
    congestionControl: foundOr(text(control), 'the kernel does not say', from(control)),
    tcpReceiveBufferBytes: mostOf(kernel, 'tcp_rmem'),
    tcpSendBufferBytes: mostOf(kernel, 'tcp_wmem'),
    receiveBufferBytes: limitOf(kernel, 'rmem_max'),
    sendBufferBytes: limitOf(kernel, 'wmem_max'),
    windowScaling: foundOr(
      scaling === null ? null : scaling === 1,
      'it does not say',
      from(`${IPV4}/tcp_window_scaling`),
    ),
  }
}
