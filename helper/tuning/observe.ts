import type { HostState } from '../../domain/host-state.ts'
import { optionsOf, type Tuning, type TuningOption } from '../../domain/tuning.ts'
import type { LinkFacts } from '../observe/facts.ts'
import type { System } from '../system.ts'
import { readSetting } from './access.ts'
import { renderRings } from './ethtool.ts'
import { type DeviceFacts, type TuningFacts, UNTUNED, type WorkerFacts } from './facts.ts'
import { observeCores, observePolicies } from './observe-cores.ts'
import { observeDevices } from './observe-devices.ts'
import { findServing } from './processes.ts'
import { nameOf, type Setting, TUNED_FEATURES, TUNED_SYSCTLS, type TuningOrigin } from './setting.ts'

/** What of tuning matters now: what is not asked for and was never changed is not looked at. */
export type TuningScope = {
  readonly tuning: Tuning
  readonly origins: readonly TuningOrigin[]
  /** Addresses of the tunnels' far ends. */
  readonly endpoints: readonly string[]
}

/** What matters where `desired` holds, or is about to be asked for, and this was changed before. Pure. */
export const tuningScope = (desired: HostState, origins: readonly TuningOrigin[]): TuningScope => ({
  tuning: desired.tuning,
  origins,
  endpoints: [...new Set(desired.tunnels.map(({ peer }) => peer.endpoint.address))],
})

const CARD: readonly TuningOption[] = ['nic-queues', 'nic-rings', 'nic-offloads']
const SYSCTL: readonly TuningOption[] = ['congestion', 'buffers', 'window-scaling']

/** Modules a name could be loaded from, as `modules.dep` lists them (`depmod(8)`). */
const observeModules = ({ read }: System, congestion: string | null): string[] => {
  if (congestion === null) return []
  const release = read('/proc/sys/kernel/osrelease')?.trim() ?? ''
  const modules = read(`/lib/modules/${release}/modules.dep`) ?? ''
  return modules.includes(`/tcp_${congestion}.ko`) ? [congestion] : []
}

const observeWorkers = (system: System, links: readonly LinkFacts[]): WorkerFacts[] => {
  const serving = links.some(({ flavour }) => flavour === 'userspace') ? findServing(system) : new Map()
  return links.map(({ name, flavour }) => {
    const queues = system.list(`/sys/class/net/${name}/queues`)
    const count = (side: string): number => queues.filter((queue) => queue.startsWith(side)).length
    const process = flavour === 'userspace' ? (serving.get(name) ?? null) : null
    return { name, flavour, process, rxQueues: count('rx-'), txQueues: count('tx-') }
  })
}

/** Every setting that a host of these facts could have. */
const settingsOf = (facts: TuningFacts, options: ReadonlySet<TuningOption>): Setting[] => {
  const irqs = facts.devices.flatMap((device) => device.irqs)
  const queuesOf = ({ name, rxQueues, txQueues }: WorkerFacts): Setting[] =>
    (['rx', 'tx'] as const).flatMap((side) =>
      Array.from({ length: side === 'rx' ? rxQueues : txQueues }, (_, queue) => ({
        by: 'queue' as const,
        device: name,
        side,
        queue,
      })),
    )
  const pins = facts.workers.flatMap((worker): Setting[] =>
    worker.process === null ? queuesOf(worker) : [{ by: 'affinity', device: worker.name, ...worker.process }],
  )
  return [
    ...(SYSCTL.some((option) => options.has(option))
      ? TUNED_SYSCTLS.map((name) => ({ by: 'sysctl' as const, name }))
      : []),
    ...facts.policies.map(({ policy }) => ({ by: 'governor' as const, policy })),
    ...(options.has('pinning') ? [...irqs.map((irq) => ({ by: 'irq' as const, irq })), ...pins] : []),
    ...(options.has('nic-mtu') ? facts.devices.map(({ name }) => ({ by: 'mtu' as const, device: name })) : []),
  ]
}

/** What the cards have told already, without asking them for each thing anew. */
const valuesOfDevice = ({ name, channels, rings, features }: DeviceFacts): [Setting, string][] => [
  ...(channels === null ? [] : [[{ by: 'channels', device: name }, String(channels.now)] as [Setting, string]]),
  ...(rings === null
    ? []
    : [[{ by: 'rings', device: name }, renderRings(rings.rx.now, rings.tx.now)] as [Setting, string]]),
  ...TUNED_FEATURES.flatMap((feature): [Setting, string][] => {
    const now = features[feature]
    return now === undefined ? [] : [[{ by: 'feature', device: name, feature }, now.isOn ? 'on' : 'off']]
  }),
]

const isOfDevice = ({ by }: Setting): boolean => by === 'channels' || by === 'rings' || by === 'feature'

const observeValues = async (
  system: System,
  facts: TuningFacts,
  options: ReadonlySet<TuningOption>,
  origins: readonly TuningOrigin[],
): Promise<TuningFacts['values']> => {
  const told = facts.devices.flatMap(valuesOfDevice).map(([setting, value]) => [nameOf(setting), value] as const)
  const asked = [...settingsOf(facts, options), ...origins.map(({ setting }) => setting)].filter(
    (setting) => !isOfDevice(setting),
  )
  const byName = new Map(asked.map((setting) => [nameOf(setting), setting]))
  const read = await Promise.all(
    [...byName].map(async ([name, setting]) => [name, await readSetting(system, setting)] as const),
  )
  const found = read.filter((entry): entry is [string, string] => entry[1] !== null)
  return Object.fromEntries([...told, ...found])
}

const deviceOf = (setting: Setting): string[] =>
  isOfDevice(setting) || setting.by === 'mtu' ? [(setting as { device: string }).device] : []

/** Reads what of the host can be tuned, as far as it matters. Changes nothing. @throws MoleError. */
export const observeTuning = async (
  system: System,
  { tuning, origins, endpoints }: TuningScope,
  links: readonly LinkFacts[],
): Promise<TuningFacts> => {
  const options = new Set([...optionsOf(tuning), ...origins.map(({ option }) => option)])
  if (options.size === 0) return UNTUNED
  const wantsDevices = [...options].some((option) => option === 'pinning' || option.startsWith('nic-'))
  const also = origins.flatMap(({ setting }) => deviceOf(setting))
  const asksCards = CARD.some((option) => options.has(option))
  const { hasEthtool, devices } = wantsDevices
    ? await observeDevices(system, { endpoints, also, asksCards })
    : { hasEthtool: false, devices: [] }
  const available = system.read('/proc/sys/net/ipv4/tcp_available_congestion_control') ?? ''
  const bare: TuningFacts = {
    cores: options.has('pinning') || options.has('nic-queues') ? observeCores(system) : [],
    policies: options.has('governor') ? observePolicies(system) : [],
    congestion: {
      available: available.split(/\s+/).filter((name) => name !== ''),
      modules: observeModules(system, tuning.congestion),
    },
    // Only the first network namespace has it (`sysctl_core_net_init`, net/core/sysctl_net_core.c).
    isOwnNamespace: system.read('/proc/sys/net/core/default_qdisc') === null,
    hasEthtool,
    devices,
    workers: options.has('pinning') ? observeWorkers(system, links) : [],
    values: {},
  }
  return { ...bare, values: await observeValues(system, bare, options, origins) }
}
