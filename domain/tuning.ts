import { z } from 'zod'

/** One thing of the host that can be tuned: tried, measured and kept or taken back by itself. */
export const TuningOption = z.enum([
  'pinning',
  'governor',
  'congestion',
  'buffers',
  'window-scaling',
  'nic-queues',
  'nic-rings',
  'nic-offloads',
  'nic-mtu',
])
export type TuningOption = z.infer<typeof TuningOption>

export const GOVERNORS = ['performance', 'schedutil', 'ondemand', 'conservative', 'powersave'] as const

/**
 * How the host should be tuned while the bundle is up; `null` and `false` leave a thing as it is. Declared only: which core,
 * queue or file that means is for the helper to find out on its own host.
 */
export const Tuning = z.strictObject({
  /** Each tunnel's work on cores of its own: worker threads by affinity, kernel WireGuard by RPS, XPS and IRQ masks. */
  pinning: z
    .strictObject({ reserveCores: z.int().min(0).max(1024) })
    .nullable()
    .default(null),
  /** cpufreq governor of every core (kernel `admin-guide/pm/cpufreq.rst`). */
  governor: z.enum(GOVERNORS).nullable().default(null),
  /** TCP congestion control (`tcp(7)`). */
  congestion: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,14}$/)
    .nullable()
    .default(null),
  /** Largest socket buffers (`socket(7)`, `tcp(7)`). */
  buffers: z
    .strictObject({
      rmemMaxBytes: z
        .int()
        .min(4096)
        .max(2 ** 31 - 1)
        .nullable(),
      wmemMaxBytes: z
        .int()
        .min(4096)
        .max(2 ** 31 - 1)
        .nullable(),
    })
    .nullable()
    .default(null),
  /** RFC 7323. */
  windowScaling: z.boolean().nullable().default(null),
  /** As many queues of the network card as it has cores for. */
  nicQueues: z.boolean().default(false),
  /** Receive and send rings of the network card as large as it allows. */
  nicRings: z.boolean().default(false),
  /** GRO, GSO, TSO and UDP GRO forwarding, where the card has them. */
  nicOffloads: z.boolean().default(false),
  /** MTU of the network card the tunnels leave by. */
  nicMtuBytes: z.int().min(1500).max(9216).nullable().default(null),
})
export type Tuning = z.infer<typeof Tuning>

/** A host that is left as it is. */
export const NO_TUNING: Tuning = Tuning.parse({})

/** What is tried where nothing else is said: the specification's defaults. */
export const WANTED_TUNING: Tuning = Tuning.parse({
  pinning: { reserveCores: 2 },
  governor: 'performance',
  congestion: 'bbr',
  windowScaling: true,
})

const FIELD: Readonly<Record<TuningOption, keyof Tuning>> = {
  pinning: 'pinning',
  governor: 'governor',
  congestion: 'congestion',
  buffers: 'buffers',
  'window-scaling': 'windowScaling',
  'nic-queues': 'nicQueues',
  'nic-rings': 'nicRings',
  'nic-offloads': 'nicOffloads',
  'nic-mtu': 'nicMtuBytes',
}

/** The options of `tuning` that ask for anything. */
export const optionsOf = (tuning: Tuning): TuningOption[] =>
  TuningOption.options.filter((option) => tuning[FIELD[option]] !== NO_TUNING[FIELD[option]])

/** `tuning` with these options alone. */
export const onlyOptions = (tuning: Tuning, options: readonly TuningOption[]): Tuning =>
  Tuning.parse(Object.fromEntries(options.map((option) => [FIELD[option], tuning[FIELD[option]]])))

/** `tuning`, but for this option as `other` has it. */
export const withOption = (tuning: Tuning, option: TuningOption, other: Tuning): Tuning => ({
  ...tuning,
  [FIELD[option]]: other[FIELD[option]],
})

/** The keys of the configuration that ask for an option. */
export const TUNING_KEYS: Readonly<Record<TuningOption, string>> = {
  pinning: 'optimization.enable_process_pinning',
  governor: 'optimization.cpu_governor',
  congestion: 'optimization.tcp_congestion',
  buffers: 'optimization.buffer_sizes',
  'window-scaling': 'optimization.tcp_window_scaling',
  'nic-queues': 'optimization.multi_queue_nic',
  'nic-rings': 'optimization.multi_queue_nic',
  'nic-offloads': 'optimization.multi_queue_nic',
  'nic-mtu': 'optimization.large_mtu',
}
