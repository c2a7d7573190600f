/** What a flow sends: which flow, which of its packets, and when (ms of the wall clock, as exact as it goes). */
export type FlowPacket = { readonly flow: number; readonly sequence: number; readonly sentMs: number }

export const PACKET_BYTES = 64

export const wallMs = (): number => performance.timeOrigin + performance.now()

export const renderPacket = ({ flow, sequence, sentMs }: FlowPacket): Buffer => {
  const packet = Buffer.alloc(PACKET_BYTES)
  packet.writeUInt16BE(flow, 0)
  packet.writeUInt32BE(sequence, 2)
  packet.writeDoubleBE(sentMs, 8)
  return packet
}

export const parsePacket = (packet: Buffer): FlowPacket => ({
  flow: packet.readUInt16BE(0),
  sequence: packet.readUInt32BE(2),
  sentMs: packet.readDoubleBE(8),
})

/** What a flow has been through since it was asked last. */
export type FlowReport = {
  readonly flow: number
  readonly received: number
  /** Packets of the span received that never came. */
  readonly lost: number
  /** The longest time between two arrivals. */
  readonly gapMs: number
  /** The most packets lost in a row: between which arrivals, and when the last one before them was sent. */
  readonly outage: { readonly lost: number; readonly gapMs: number; readonly lastSentMs: number } | null
}

export type FlowMeter = { readonly heard: (packet: FlowPacket) => void; readonly report: () => FlowReport[] }

type Arrival = { readonly sequence: number; readonly atMs: number; readonly sentMs: number }

const pairsOf = (arrivals: readonly Arrival[]): (readonly [Arrival, Arrival])[] =>
  arrivals.flatMap((arrival, at) => {
    const next = arrivals[at + 1]
    return next === undefined ? [] : [[arrival, next] as const]
  })

const reportOf = (flow: number, arrivals: readonly Arrival[]): FlowReport => {
  const bySequence = pairsOf(arrivals.toSorted((a, b) => a.sequence - b.sequence)).map(([before, after]) => ({
    lost: after.sequence - before.sequence - 1,
    gapMs: after.atMs - before.atMs,
    lastSentMs: before.sentMs,
  }))
  const most = bySequence.toSorted((a, b) => b.lost - a.lost)[0]
  return {
    flow,
    received: arrivals.length,
    lost: bySequence.reduce((sum, { lost }) => sum + lost, 0),
    gapMs: Math.max(0, ...pairsOf(arrivals).map(([before, after]) => after.atMs - before.atMs)),
    outage: most === undefined || most.lost === 0 ? null : most,
  }
}

/** Notes what arrives; a report begins anew. */
export const makeFlowMeter = (): FlowMeter => {
  let flows = new Map<number, Arrival[]>()
  return {
    heard: ({ flow, sequence, sentMs }) => {
      const arrivals = flows.get(flow) ?? []
      arrivals.push({ sequence, atMs: wallMs(), sentMs })
      flows.set(flow, arrivals)
    },
    report: () => {
      const reports = [...flows].map(([flow, arrivals]) => reportOf(flow, arrivals))
      flows = new Map()
      return reports
    },
  }
}
