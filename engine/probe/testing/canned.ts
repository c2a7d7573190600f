import type { MeasureEvent, MeasureRequest } from '../../../contract/probe.ts'
import type { Fact, Source } from '../../../domain/probe/figure.ts'
import { InterfaceFacts } from '../../../domain/probe/interface.ts'
import type { RoundTrips } from '../../../domain/probe/path.ts'

const FROM: Source = { kind: 'measured', how: 'by nobody', tool: 'fake', version: null, atMs: 0 }
const figure = <Value>(value: Value) => ({ value, from: FROM })

/** Facts of an interface of which nothing could be read but its name. */
const facts = (name: string): InterfaceFacts => {
  const lacking: Fact<never> = { value: null, from: FROM, lacks: 'nobody looked' }
  const keys = Object.keys(InterfaceFacts.shape).filter((key) => key !== 'name')
  return InterfaceFacts.parse({ name, ...Object.fromEntries(keys.map((key) => [key, lacking])) })
}

const trips = (ms: number): RoundTrips => ({
  by: 'udp',
  sent: 20,
  answered: 20,
  minMs: figure(ms),
  medianMs: figure(ms),
  p95Ms: figure(ms),
  jitterMs: figure(0),
})

/** What a program that measures could say to a request: an MTU of 1500, 5 ms, 100 Mbit/s whatever the streams. */
export const cannedEvents = (request: MeasureRequest): MeasureEvent[] => {
  switch (request.do) {
    case 'interface':
      return [{ kind: 'interface', facts: facts('wan0') }]
    case 'path':
      return [
        { kind: 'doing', text: 'Round trips', progressRatio: 0.5 },
        { kind: 'trips', trips: trips(5) },
        {
          kind: 'mtu',
          result: {
            by: 'udp',
            mtuBytes: figure(1500),
            innerMtuBytes: figure(1440),
            rungs: [],
            blackHole: false,
            saidBytes: null,
            limitedBy: 'path',
          },
        },
      ]
    case 'regions':
      return request.endpoints.map(({ region, host }) => ({
        kind: 'region',
        region: { region, endpoint: host, trips: trips(30), problem: null },
      }))
    case 'bandwidth':
      return [
        {
          kind: 'bandwidth',
          result: {
            iperf3Version: '3.12',
            runs: request.streams.map((streams) => ({
              direction: 'upload',
              streams,
              seconds: request.seconds,
              goodputBitsPerSecond: figure(100e6),
              intervals: [],
              retransmits: 0,
              senderCoreRatio: null,
              receiverCoreRatio: null,
              flows: [],
              sourceFile: null,
            })),
            udp: [],
            drops: null,
            busiestCoreRatio: null,
          },
        },
      ]
  }
}
