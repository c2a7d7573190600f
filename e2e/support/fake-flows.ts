import type { DeploymentView, Flow, FlowsView, TrafficState } from '../../contract/app.ts'

const LOCAL = '10.100.255.1'
const LIMITS = [
  null,
  'The receiver’s window: it was full for 71 % of the time.',
  'Loss: 0.4 % of what was sent had to be sent again.',
  'The application: it gave nothing to send for 38 % of the time.',
  'Its tunnel: another elephant rides it too.',
] as const

const wave = (seconds: number, of: number): number => 0.92 + 0.06 * Math.sin(seconds / 6 + of * 1.3)

const flow = (change: Partial<Flow> & Pick<Flow, 'local' | 'remote' | 'tunnel'>): Flow => ({
  mptcpToken: null,
  backup: false,
  bytesSent: 4_200_000,
  bytesReceived: 36_000,
  deliveryBitsPerSecond: null,
  pacingBitsPerSecond: null,
  rttMs: 11,
  congestionWindow: 120,
  congestionControl: 'cubic',
  retransmits: 0,
  busyMs: 9000,
  receiverLimitedMs: 0,
  sendBufferLimitedMs: 0,
  applicationLimited: false,
  uid: 1000,
  upBitsPerSecond: 4000,
  downBitsPerSecond: 400,
  isElephant: false,
  limitedBy: null,
  ...change,
})

/** A few small ones that are always there. */
const mice = (slots: readonly number[]): Flow[] => [
  flow({
    local: `${LOCAL}:40512`,
    remote: '10.200.0.10:22',
    tunnel: slots[0] ?? null,
    limitedBy: LIMITS[3],
    applicationLimited: true,
  }),
  flow({
    local: `${LOCAL}:40544`,
    remote: '10.200.0.10:443',
    tunnel: slots.at(-1) ?? null,
    bytesSent: 120_000,
    bytesReceived: 9_400_000,
    upBitsPerSecond: 12_000,
    downBitsPerSecond: 1_840_000,
    congestionControl: 'bbr',
    rttMs: 9.4,
  }),
]

const streams = (slots: readonly number[], count: number, seconds: number, total: number): Flow[] =>
  Array.from({ length: slots.length === 0 ? 0 : count }, (_, at) => {
    const rate = (total * wave(seconds, at)) / count
    const bytes = (rate / 8) * (30 + at * 3 + (seconds % 600))
    return flow({
      local: `${LOCAL}:${51_840 + at * 2}`,
      remote: '10.200.0.10:5201',
      tunnel: slots[at % slots.length] ?? null,
      bytesSent: Math.round(bytes),
      bytesReceived: Math.round(bytes / 900),
      upBitsPerSecond: Math.round(rate),
      downBitsPerSecond: Math.round(rate / 90),
      rttMs: 11 * wave(seconds, at + 2),
      isElephant: bytes > 104_857_600,
      limitedBy: LIMITS[at % LIMITS.length] ?? null,
      retransmits: at * 7,
    })
  })

/** One Multipath TCP connection: a subflow on every tunnel, the last one kept in reserve. */
const subflows = (slots: readonly number[], seconds: number): Flow[] =>
  slots.map((slot, at) => {
    const backup = slots.length > 2 && at === slots.length - 1
    const rate = backup ? 0 : 171_000_000 * wave(seconds, at + 5)
    const bytes = backup ? 1400 : (rate / 8) * (120 + (seconds % 600))
    return flow({
      local: `10.100.${slot}.1:${38_200 + at}`,
      remote: '10.200.0.10:8443',
      tunnel: slot,
      mptcpToken: '5f0c31ae',
      backup,
      bytesSent: Math.round(bytes),
      bytesReceived: Math.round(bytes / 1200),
      upBitsPerSecond: Math.round(rate),
      downBitsPerSecond: Math.round(rate / 110),
      isElephant: bytes > 104_857_600,
      rttMs: 12 * wave(seconds, at),
    })
  })

/** The connections over a deployment at this moment, largest first. */
export const fakeFlows = (view: DeploymentView, traffic: TrafficState, atMs: number): FlowsView => {
  const seconds = Math.round(atMs / 1000)
  const slots = view.tunnels.filter(({ carries }) => carries).map(({ slot }) => slot)
  const carriage = view.plan?.carriage
  const mptcp = carriage?.mptcp ?? null
  const running = traffic.running ? streams(slots, traffic.streams ?? 8, seconds, traffic.latestBitsPerSecond ?? 0) : []
  const flows = [...running, ...(mptcp === null ? [] : subflows(slots, seconds)), ...mice(slots)]
  return {
    atMs,
    flows: view.tunnels.length === 0 ? [] : flows.toSorted((a, b) => b.bytesSent - a.bytesSent),
    mptcp: {
      available: true,
      schedulers: ['default'],
      scheduler: 'default',
      pathManager: 'kernel',
      endpoints: mptcp === null ? [] : slots.map((tunnel, at) => ({ tunnel, backup: at === slots.length - 1 })),
      subflowLimit: 8,
    },
    spread: carriage?.spread ?? 'hash',
    strategy:
      mptcp === null
        ? null
        : {
            asked: mptcp.strategy,
            inForce:
              'The kernel’s default scheduler: the subflow with the shortest round trip that has room goes first.',
          },
  }
}
