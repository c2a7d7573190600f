import { slotOfInterface, slotOfLane } from '../../domain/ours.ts'
import { optionsOf, type Tuning, type TuningOption } from '../../domain/tuning.ts'
import { renderCoreList } from './core-list.ts'
import { renderRings } from './ethtool.ts'
import type { DeviceFacts, TuningFacts, WorkerFacts } from './facts.ts'
import { planPinning } from './pinning.ts'
import { nameOf, type Setting, TUNED_FEATURES, type TunedFeature, type TunedSysctl, type Wanted } from './setting.ts'

/** What cannot be had here, and why. */
export type Lacking = { readonly option: TuningOption; readonly reason: string }
export type TuningPlan = { readonly wanted: readonly Wanted[]; readonly lacking: readonly Lacking[] }

type Part = { readonly wanted: readonly Omit<Wanted, 'option'>[]; readonly lacking: readonly string[] }
/** What is asked for, as far as tuning goes by it. */
export type TuningWish = { readonly tuning: Tuning; readonly tunnels: readonly { readonly name: string }[] }
type Planner = (facts: TuningFacts, tuning: Tuning, tunnels: readonly string[]) => Part

const NOTHING: Part = { wanted: [], lacking: [] }
const lacks = (reason: string): Part => ({ wanted: [], lacking: [reason] })
const together = (parts: readonly Part[]): Part => ({
  wanted: parts.flatMap(({ wanted }) => wanted),
  lacking: [...new Set(parts.flatMap(({ lacking }) => lacking))],
})

const sysctl = (name: TunedSysctl): Setting => ({ by: 'sysctl', name })
const currentOf = ({ values }: TuningFacts, setting: Setting): string | undefined => values[nameOf(setting)]

/** The default of the kernel may be any it has; a program may choose only among the allowed, to which a default is added. */
const planCongestion: Planner = (facts, { congestion }) => {
  if (congestion === null) return NOTHING
  const { available, modules } = facts.congestion
  if (!available.includes(congestion) && !modules.includes(congestion))
    return lacks(`this kernel has no congestion control "${congestion}"; it has ${available.join(', ') || 'none'}`)
  const allowed = currentOf(facts, sysctl('net.ipv4.tcp_allowed_congestion_control'))?.split(' ') ?? []
  if (facts.isOwnNamespace && !allowed.includes(congestion))
    return lacks(`a network namespace may use only ${allowed.join(', ')}, not "${congestion}"`)
  const now = currentOf(facts, sysctl('net.ipv4.tcp_congestion_control')) ?? ''
  if (facts.isOwnNamespace && now !== congestion && !allowed.includes(now))
    return lacks(`"${now}" could not be put back in this network namespace`)
  const all = [...new Set([...allowed, congestion])].toSorted().join(' ')
  return {
    wanted: [
      { setting: sysctl('net.ipv4.tcp_congestion_control'), to: congestion },
      ...(facts.isOwnNamespace ? [] : [{ setting: sysctl('net.ipv4.tcp_allowed_congestion_control'), to: all }]),
      // BBR paces its sending; fq does that exactly (tcp_bbr.c).
      ...(congestion === 'bbr' ? [{ setting: sysctl('net.core.default_qdisc'), to: 'fq' }] : []),
    ],
    lacking: [],
  }
}

const raise = (facts: TuningFacts, setting: Setting, bytes: number): Part['wanted'] => {
  const now = currentOf(facts, setting)
  if (now === undefined) return []
  const parts = now.split(' ')
  const largest = Math.max(Number(parts.at(-1)), bytes)
  return [{ setting, to: [...parts.slice(0, -1), largest].join(' ') }]
}

/** Never less than there is: only the largest that a connection may grow to. */
const planBuffers: Planner = (facts, { buffers }) => {
  const { rmemMaxBytes = null, wmemMaxBytes = null } = buffers ?? {}
  const wanted = [
    ...(rmemMaxBytes === null ? [] : raise(facts, sysctl('net.core.rmem_max'), rmemMaxBytes)),
    ...(rmemMaxBytes === null ? [] : raise(facts, sysctl('net.ipv4.tcp_rmem'), rmemMaxBytes)),
    ...(wmemMaxBytes === null ? [] : raise(facts, sysctl('net.core.wmem_max'), wmemMaxBytes)),
    ...(wmemMaxBytes === null ? [] : raise(facts, sysctl('net.ipv4.tcp_wmem'), wmemMaxBytes)),
  ]
  return { wanted, lacking: [] }
}

/** With it: a window that stays open over a pause, and the path MTU found where its ICMP messages are lost (RFC 4821). */
const planWindowScaling: Planner = (_, { windowScaling }) => {
  const scaling = sysctl('net.ipv4.tcp_window_scaling')
  if (windowScaling === null) return NOTHING
  if (!windowScaling) return { wanted: [{ setting: scaling, to: '0' }], lacking: [] }
  return {
    wanted: [
      { setting: scaling, to: '1' },
      { setting: sysctl('net.ipv4.tcp_slow_start_after_idle'), to: '0' },
      { setting: sysctl('net.ipv4.tcp_mtu_probing'), to: '1' },
    ],
    lacking: [],
  }
}

const planGovernor: Planner = ({ policies }, { governor }) => {
  if (governor === null) return NOTHING
  if (policies.length === 0) return lacks('the clock of these cores cannot be governed from here (no cpufreq)')
  return together(
    policies.map(({ policy, governors }) =>
      governors.includes(governor)
        ? { wanted: [{ setting: { by: 'governor', policy }, to: governor }], lacking: [] }
        : lacks(`these cores have no governor "${governor}"; they have ${governors.join(', ') || 'none'}`),
    ),
  )
}

const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at)

const pinWorker = ({ name, process, flavour, rxQueues, txQueues }: WorkerFacts, cores: readonly number[]): Part => {
  const to = renderCoreList(cores)
  if (process !== null) return { wanted: [{ setting: { by: 'affinity', device: name, ...process }, to }], lacking: [] }
  if (flavour === 'userspace') return lacks(`the process that serves ${name} was not found`)
  const queues = (side: 'rx' | 'tx', count: number): Part['wanted'] =>
    range(count).map((queue) => ({ setting: { by: 'queue', device: name, side, queue }, to }))
  // Of a single send queue the kernel lets nobody choose the cores (net-sysfs.c, xps_cpus_store).
  return { wanted: [...queues('rx', rxQueues), ...(txQueues > 1 ? queues('tx', txQueues) : [])], lacking: [] }
}

/** Both lanes of a tunnel have the same cores: while its keys are being replaced only one of them is busy. */
const placeOf = (name: string): string => String(slotOfLane(slotOfInterface(name) ?? 0))

const planPins: Planner = (facts, { pinning }, tunnels) => {
  if (pinning === null || tunnels.length === 0) return NOTHING
  const { cores, devices } = facts
  const workers = facts.workers.filter(({ name }) => tunnels.includes(name))
  const nearNode = devices.find(({ numaNode }) => numaNode !== null)?.numaNode ?? null
  const plan = planPinning({ cores, nearNode, tunnels: [...new Set(tunnels.map(placeOf))], ...pinning })
  if (plan.kind === 'lacking') return lacks(plan.reason)
  const irqs = workers.some(({ flavour }) => flavour === 'kernel') ? devices.flatMap((device) => device.irqs) : []
  const spread = irqs.map((irq, at) => ({
    setting: { by: 'irq', irq } as const,
    to: String(plan.cards[at % plan.cards.length]),
  }))
  return together([
    ...workers.map((worker) => pinWorker(worker, plan.tunnels.get(placeOf(worker.name)) ?? [])),
    { wanted: spread, lacking: [] },
  ])
}

/** For each card; says what is missing where there is none to ask. */
const onCards =
  (plan: (card: DeviceFacts, facts: TuningFacts) => Part): Planner =>
  (facts) => {
    const cards = facts.devices.filter(({ isCard }) => isCard)
    if (cards.length === 0) return lacks('no network card was found that the tunnels leave by')
    if (!facts.hasEthtool) return lacks('the program "ethtool" is not installed')
    return together(cards.map((card) => plan(card, facts)))
  }

const planQueues = onCards(({ name, channels }, { cores }) => {
  if (channels === null) return lacks(`${name} has no queues that could be set`)
  const to = Math.max(channels.now, Math.min(channels.max, cores.length))
  return { wanted: [{ setting: { by: 'channels', device: name }, to: String(to) }], lacking: [] }
})

const planRings = onCards(({ name, rings }) =>
  rings === null
    ? lacks(`${name} has no rings that could be set`)
    : {
        wanted: [{ setting: { by: 'rings', device: name }, to: renderRings(rings.rx.max, rings.tx.max) }],
        lacking: [],
      },
)

/** `rx-gro-list` gathers packets in a way that excludes forwarding them whole: it stays, or is turned, off (ethtool(8)). */
const planFeature = (name: string, feature: TunedFeature, facts: DeviceFacts['features']): Part => {
  const now = facts[feature]
  const to = feature === 'rx-gro-list' ? 'off' : 'on'
  if (now === undefined || (now.isFixed && now.isOn !== (to === 'on')))
    return to === 'off' ? NOTHING : lacks(`${name} cannot do ${feature}`)
  return now.isFixed ? NOTHING : { wanted: [{ setting: { by: 'feature', device: name, feature }, to }], lacking: [] }
}

const planOffloads = onCards(({ name, features }) =>
  together(TUNED_FEATURES.map((feature) => planFeature(name, feature, features))),
)

/** The cards before what stands on them, which may not be larger; never less than there is. */
const planMtu: Planner = (facts, { nicMtuBytes }) => {
  if (nicMtuBytes === null) return NOTHING
  if (facts.devices.length === 0) return lacks('no network card was found that the tunnels leave by')
  return together(
    facts.devices.map(({ name }) => {
      const setting: Setting = { by: 'mtu', device: name }
      return { wanted: raise(facts, setting, nicMtuBytes), lacking: [] }
    }),
  )
}

/** The card first: with its queues its interrupts change. */
const PLANNERS: readonly (readonly [TuningOption, Planner])[] = [
  ['nic-queues', planQueues],
  ['nic-rings', planRings],
  ['nic-offloads', planOffloads],
  ['nic-mtu', planMtu],
  ['congestion', planCongestion],
  ['buffers', planBuffers],
  ['window-scaling', planWindowScaling],
  ['governor', planGovernor],
  ['pinning', planPins],
]

/** What has to be set for a tuning on a host as `facts` show it, in order, and what it lacks. Pure. */
export const planTuning = (facts: TuningFacts, { tuning, tunnels }: TuningWish): TuningPlan => {
  const options = optionsOf(tuning)
  const names = tunnels.map(({ name }) => name)
  const parts = PLANNERS.filter(([option]) => options.includes(option)).map(
    ([option, plan]) => [option, plan(facts, tuning, names)] as const,
  )
  return {
    wanted: parts.flatMap(([option, { wanted }]) => wanted.map((each) => ({ option, ...each }))),
    lacking: parts.flatMap(([option, { lacking }]) => lacking.map((reason) => ({ option, reason }))),
  }
}
