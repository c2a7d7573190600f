import type { InterfaceSample } from '../../contract/helper.ts'
import { type Counters, parseCounters } from '../observe/counters.ts'
import type { Flavour } from '../observe/facts.ts'
import { observeWireGuard, type WireGuardReading } from '../observe/wireguard.ts'
import type { System } from '../system.ts'
import type { Prober } from './prober.ts'

/** What a sample reads: interfaces as last observed, to know whom to ask for handshakes. */
export type SampledLink = { readonly name: string; readonly flavour: Flavour }

/** What is known of each tunnel's path. */
export type PathReadings = Pick<Prober, 'read'> & { readonly carries: (name: string) => boolean }

const handshakeAge = (reading: WireGuardReading | undefined, nowMs: number): number | null => {
  const newest = Math.max(0, ...(reading?.handshakes.values() ?? []))
  return newest === 0 ? null : Math.max(0, Math.floor(nowMs / 1000) - newest)
}

const sampleOf = (
  name: string,
  counters: Counters,
  reading: WireGuardReading | undefined,
  { read, carries }: PathReadings,
): InterfaceSample => ({
  name,
  ...counters,
  handshakeAgeSeconds: handshakeAge(reading, Date.now()),
  ...(read(name) ?? { rttMs: null, lossRatio: null, verdict: 'unknown' }),
  carries: carries(name),
})

const bySlot = (a: InterfaceSample, b: InterfaceSample): number => a.name.localeCompare(b.name, 'en', { numeric: true })

/** Reads the counters, handshakes and echoes of every tunnel there is. */
export const takeSample = async (
  system: System,
  links: readonly SampledLink[],
  paths: PathReadings,
): Promise<InterfaceSample[]> => {
  const readings = await observeWireGuard(system, links)
  const counters = parseCounters(system.read('/proc/net/dev') ?? '')
  return [...counters].map(([name, counts]) => sampleOf(name, counts, readings.get(name), paths)).toSorted(bySlot)
}
