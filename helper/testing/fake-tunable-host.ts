import { MoleError } from '../../contract/errors.ts'
import type { Flavour } from '../observe/facts.ts'
import type { System } from '../system.ts'
import { parseCoreList, parseCoreMask, renderCoreList, renderCoreMask } from '../tuning/core-list.ts'

/** What the fake host is made of. */
export type FakeHardware = {
  /** NUMA node of each core. */
  readonly nodes: readonly number[]
  /** Hardware threads that share a core: core N and core N + half. */
  readonly smt: boolean
  /** `null`: cores whose clock nobody governs. */
  readonly governors: readonly string[] | null
  readonly congestion: { readonly available: readonly string[]; readonly modules: readonly string[] }
  readonly nicNode: number | null
  readonly channels: { readonly max: number; readonly now: number } | null
  readonly rings: { readonly max: number; readonly now: number } | null
  readonly fixedFeatures: readonly string[]
  /** As in a container: what belongs to the whole machine is not there, or read-only. */
  readonly isOwnNamespace: boolean
  readonly hasEthtool: boolean
  /** The card stands under a bond. */
  readonly bonded: boolean
}

export const SERVER: FakeHardware = {
  nodes: [0, 0, 0, 0, 1, 1, 1, 1],
  smt: false,
  governors: ['performance', 'powersave'],
  congestion: { available: ['reno', 'cubic'], modules: ['bbr'] },
  nicNode: 1,
  channels: { max: 16, now: 2 },
  rings: { max: 4096, now: 256 },
  fixedFeatures: [],
  isOwnNamespace: false,
  hasEthtool: true,
  bonded: false,
}

export type FakeHost = {
  readonly system: System
  /** An interface of ours with its process or queues, as the kernel makes them. */
  readonly serve: (name: string, flavour: Flavour) => void
  readonly unserve: (name: string) => void
  /** Everything that can be set, as text; processes and interfaces of ours aside. */
  readonly snapshot: () => Readonly<Record<string, string>>
  /** Somebody else writes a file. */
  readonly meddle: (path: string, text: string) => void
  /** What was written or run, in order. */
  readonly transcript: () => string
}

const fail = (code: string): never => {
  throw Object.assign(new Error(code), { code })
}

const FEATURES = {
  'generic-receive-offload': 'on',
  'generic-segmentation-offload': 'on',
  'tcp-segmentation-offload': 'off',
  'rx-gro-list': 'off',
  'rx-udp-gro-forwarding': 'off',
}

/** A machine's `/proc` and `/sys`, `ethtool` and `taskset`, as far as tuning touches them; it refuses what it does not know. */
export const makeFakeHost = (hardware: FakeHardware = SERVER): FakeHost => {
  const { nodes, smt, governors, isOwnNamespace } = hardware
  const all = renderCoreList(nodes.map((_, core) => core))
  const files = new Map<string, string>()
  const links = new Map<string, string>([['/proc/self/ns/net', 'net:[1]']])
  const done: string[] = []
  const card = { channels: hardware.channels?.now ?? 0, ring: hardware.rings?.now ?? 0 }
  const features = new Map<string, string>(Object.entries(FEATURES))
  const allowed = new Set<string>(isOwnNamespace ? ['reno'] : ['reno', 'cubic'])
  const available = new Set<string>(hardware.congestion.available)
  let nextPid = 100

  const tellCongestion = (): void => {
    files.set('/proc/sys/net/ipv4/tcp_available_congestion_control', `${[...available].join(' ')}\n`)
    files.set('/proc/sys/net/ipv4/tcp_allowed_congestion_control', `${[...allowed].join(' ')}\n`)
  }
  /** A card makes its interrupts anew with its queues. */
  const tellInterrupts = (): void => {
    const irqs = Array.from({ length: Math.max(1, card.channels) }, (_, at) => 40 + at)
    for (const path of [...files.keys()]) {
      const irq = /^\/(?:proc\/irq|sys\/class\/net\/eth0\/device\/msi_irqs)\/([0-9]+)/.exec(path)?.[1]
      if (irq !== undefined && !irqs.includes(Number(irq))) files.delete(path)
    }
    for (const irq of irqs) {
      files.set(`/sys/class/net/eth0/device/msi_irqs/${irq}`, 'msix\n')
      if (!files.has(`/proc/irq/${irq}/smp_affinity_list`)) files.set(`/proc/irq/${irq}/smp_affinity_list`, `${all}\n`)
    }
  }

  files.set('/sys/devices/system/cpu/online', `${all}\n`)
  files.set('/proc/self/status', `Name:\tnode\nUid:\t0\t0\t0\t0\nCpus_allowed_list:\t${all}\n`)
  files.set('/proc/sys/kernel/osrelease', '6.1.0\n')
  const modules = hardware.congestion.modules.map((name) => `kernel/net/ipv4/tcp_${name}.ko.xz:`)
  files.set('/lib/modules/6.1.0/modules.dep', `${modules.join('\n')}\n`)
  nodes.forEach((node, core) => {
    const half = nodes.length / 2
    files.set(`/sys/devices/system/cpu/cpu${core}/node${node}/x`, '')
    files.set(
      `/sys/devices/system/cpu/cpu${core}/topology/thread_siblings_list`,
      smt ? `${core % half},${(core % half) + half}\n` : `${core}\n`,
    )
    if (governors === null) return
    files.set(`/sys/devices/system/cpu/cpufreq/policy${core}/scaling_available_governors`, `${governors.join(' ')}\n`)
    files.set(`/sys/devices/system/cpu/cpufreq/policy${core}/scaling_governor`, `${governors.at(-1)}\n`)
  })
  const sysctls: Record<string, string> = {
    'net/ipv4/tcp_congestion_control': 'cubic',
    'net/core/rmem_max': '212992',
    'net/core/wmem_max': '212992',
    'net/ipv4/tcp_rmem': '4096\t131072\t6291456',
    'net/ipv4/tcp_wmem': '4096\t16384\t4194304',
    'net/ipv4/tcp_window_scaling': '1',
    'net/ipv4/tcp_slow_start_after_idle': '1',
    'net/ipv4/tcp_mtu_probing': '0',
    ...(isOwnNamespace ? {} : { 'net/core/default_qdisc': 'fq_codel' }),
  }
  for (const [name, value] of Object.entries(sysctls)) files.set(`/proc/sys/${name}`, `${value}\n`)
  tellCongestion()
  files.set('/sys/class/net/eth0/mtu', '1500\n')
  files.set('/sys/class/net/eth0/device/numa_node', `${hardware.nicNode ?? -1}\n`)
  if (hardware.bonded) {
    files.set('/sys/class/net/bond0/mtu', '1500\n')
    files.set('/sys/class/net/bond0/lower_eth0/x', '')
  }
  tellInterrupts()

  const write = (path: string, raw: string): void => {
    const text = raw.trim()
    if (!files.has(path)) fail('ENOENT')
    if (isOwnNamespace && /net\/core\/|tcp_allowed|cpufreq|\/proc\/irq/.test(path)) fail('EACCES')
    const words = text.split(/\s+/)
    if (path.endsWith('/tcp_congestion_control')) {
      if (!available.has(text) && !hardware.congestion.modules.includes(text)) fail('ENOENT')
      if (isOwnNamespace && !allowed.has(text)) fail('EPERM')
      available.add(text)
      allowed.add(text)
      tellCongestion()
    } else if (path.endsWith('/tcp_allowed_congestion_control')) {
      if (words.some((name) => !available.has(name))) fail('ENOENT')
      allowed.clear()
      for (const name of words) allowed.add(name)
      tellCongestion()
      return
    } else if (path.endsWith('/scaling_governor') && !(governors ?? []).includes(text)) fail('EINVAL')
    else if (path.endsWith('/mtu') && Number(text) > 9000) fail('EINVAL')
    else if (/tcp_[rw]mem$/.test(path)) return void files.set(path, `${words.join('\t')}\n`)
    else if (/[rx]ps_cpus$/.test(path)) return void files.set(path, `${renderCoreMask(parseCoreMask(text))}\n`)
    files.set(path, `${text}\n`)
  }

  const list = (path: string): string[] => [
    ...new Set(
      [...files.keys()].flatMap((file) =>
        file.startsWith(`${path}/`) ? [file.slice(path.length + 1).split('/')[0] ?? ''] : [],
      ),
    ),
  ]

  const ethtool = (argv: readonly string[]): string | null => {
    const [flag = '', device, ...rest] = argv
    if (device !== 'eth0') return null
    const channels = Number(rest[1])
    switch (flag) {
      case '-l':
        return hardware.channels === null
          ? ''
          : `Channel parameters for eth0:\nPre-set maximums:\nRX:\t\tn/a\nTX:\t\tn/a\nOther:\t\t1\nCombined:\t${hardware.channels.max}\nCurrent hardware settings:\nRX:\t\tn/a\nTX:\t\tn/a\nOther:\t\t1\nCombined:\t${card.channels}\n`
      case '-g':
        return hardware.rings === null
          ? ''
          : `Ring parameters for eth0:\nPre-set maximums:\nRX:\t\t${hardware.rings.max}\nRX Mini:\tn/a\nTX:\t\t${hardware.rings.max}\nCurrent hardware settings:\nRX:\t\t${card.ring}\nRX Mini:\tn/a\nTX:\t\t${card.ring}\n`
      case '-k':
        return `Features for eth0:\n${[...features]
          .map(([name, state]) => `${name}: ${state}${hardware.fixedFeatures.includes(name) ? ' [fixed]' : ''}\n`)
          .join('')}`
      case '-L':
        if (channels > (hardware.channels?.max ?? 0)) return null
        card.channels = channels
        tellInterrupts()
        return ''
      case '-G':
        card.ring = Number(rest[1])
        return ''
      case '-K':
        if (hardware.fixedFeatures.includes(rest[0] ?? '')) return null
        features.set(rest[0] ?? '', rest[1] ?? '')
        return ''
      default:
        throw new Error(`unknown argument vector: ethtool ${argv.join(' ')}`)
    }
  }

  const taskset = (argv: readonly string[]): string | null => {
    const [all_, pid_, cores_, cores = '', pid = ''] = argv
    if (all_ !== '-a' || pid_ !== '-p' || cores_ !== '-c')
      throw new Error(`unknown argument vector: taskset ${argv.join(' ')}`)
    const threads = list(`/proc/${pid}/task`)
    if (threads.length === 0) return null
    const allowedCores = renderCoreList(parseCoreList(cores))
    for (const thread of threads)
      files.set(`/proc/${pid}/task/${thread}/status`, `Cpus_allowed_list:\t${allowedCores}\n`)
    return ''
  }

  const routes = (input: string): string =>
    input
      .trim()
      .split('\n')
      .map((line) => {
        if (!/^route get [0-9.]+$/.test(line)) throw new Error(`unknown question: ${line}`)
        return JSON.stringify([{ dst: line.slice(10), dev: hardware.bonded ? 'bond0' : 'eth0' }])
      })
      .join('\n')

  const system: System = {
    runner: {
      pathOf: (program) => {
        if (program === 'ethtool' && !hardware.hasEthtool)
          throw new MoleError('missing-program', 'The program "ethtool" is not installed.', { field: program })
        return `/usr/bin/${program}`
      },
      start: () => fail('EINVAL'),
      run: async (program, argv, { input = '' } = {}) => {
        if (/^-[LGK]$/.test(argv[0] ?? '') || program === 'taskset') done.push(`$ ${program} ${argv.join(' ')}`)
        const answer = { ethtool, taskset, ip: () => routes(input) }[program as 'ethtool' | 'taskset' | 'ip']
        if (answer === undefined) throw new Error(`unknown program: ${program}`)
        const stdout = answer(argv)
        return {
          stdout: stdout ?? '',
          stderr: stdout === null ? 'netlink error: Operation not supported' : '',
          code: stdout === null ? 1 : 0,
        }
      },
    },
    askIp: { ask: async () => fail('EINVAL'), close: () => undefined },
    uapi: async () => fail('ENOENT'),
    relay: {
      isRunning: () => false,
      observe: async () => null,
      make: async () => fail('EINVAL'),
      end: async () => fail('EINVAL'),
    },
    isServed: () => false,
    read: (path) => files.get(path) ?? null,
    readLater: async (path) => files.get(path) ?? null,
    list,
    link: (path) => links.get(path) ?? null,
    write: (path, text) => {
      write(path, text)
      done.push(`> ${path}: ${text.trim()}`)
    },
  }

  return {
    system,
    serve: (name, flavour) => {
      if (flavour === 'kernel') {
        files.set(`/sys/class/net/${name}/queues/rx-0/rps_cpus`, '0\n')
        files.set(`/sys/class/net/${name}/queues/tx-0/xps_cpus`, '0\n')
        return
      }
      const pid = nextPid++
      links.set(`/proc/${pid}/ns/net`, 'net:[1]')
      files.set(`/proc/${pid}/cmdline`, `wireguard-go\0${name}\0`)
      files.set(
        `/proc/${pid}/status`,
        `Name:\twireguard-go\nUid:\t0\t0\t0\t0\nVmRSS:\t   20480 kB\nCpus_allowed_list:\t${all}\n`,
      )
      files.set(`/proc/${pid}/stat`, `${pid} (wireguard-go) S 1 0 0 0 -1 0 0 0 0 0 30 20 0 0 20 0 9 0 ${pid}00 0\n`)
      for (const thread of [pid, pid + 1000])
        files.set(`/proc/${pid}/task/${thread}/status`, `Cpus_allowed_list:\t${all}\n`)
    },
    unserve: (name) => {
      for (const path of [...files.keys()]) {
        const pid = /^\/proc\/([0-9]+)\/cmdline$/.exec(path)?.[1]
        const isIts = pid !== undefined && files.get(path)?.includes(`\0${name}\0`)
        if (isIts) for (const file of [...files.keys()]) if (file.startsWith(`/proc/${pid}/`)) files.delete(file)
        if (path.startsWith(`/sys/class/net/${name}/`)) files.delete(path)
      }
    },
    snapshot: () => ({
      // Which congestion controls there are only grows: a module is not unloaded.
      ...Object.fromEntries([...files].filter(([path]) => !path.includes('tcp_available'))),
      allowed: [...allowed].toSorted().join(' '),
      '/proc/sys/net/ipv4/tcp_allowed_congestion_control': '',
      card: JSON.stringify([card, [...features]]),
    }),
    meddle: (path, text) => void files.set(path, text),
    transcript: () => done.join('\n'),
  }
}
