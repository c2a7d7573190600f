import { askRoutes, parseRouteSlots } from '../flows/ask-route.ts'
import type { Runner } from '../run.ts'

/**
 * With few streams the kernel's hash puts several on one tunnel and none on another. Asked with a flow's ports
 * (`ip route get … ipproto tcp sport P dport D`), the kernel tells which tunnel that flow will take; so among many runs of
 * consecutive client ports (iperf3's `--cport`) the one that spreads best is taken. Nothing else about the flows is changed.
 */

/** Consecutive client ports and how many streams each tunnel gets. */
export type Placement = { readonly firstPort: number; readonly streamsBySlot: ReadonlyMap<number, number> }

/** Below the kernel's ephemeral ports (32768 up, `ip_local_port_range`), above the registered services in use here. */
const PORT_FLOOR = 20_000
const PORT_ROOM = 10_000
const CANDIDATES = 1024

const count = (slots: readonly number[]): Map<number, number> => {
  const counts = new Map<number, number>()
  for (const slot of slots) counts.set(slot, (counts.get(slot) ?? 0) + 1)
  return counts
}

/** Streams on the fullest tunnel decide when the slowest stream is done; then the more tunnels the better. */
const cost = (counts: ReadonlyMap<number, number>): number => Math.max(...counts.values()) * 1000 - counts.size

/**
 * The best run of `streams` consecutive ports; `slots[i]` is the tunnel of port `firstPort + i`, `null` where the kernel
 * gave none. `null` when no run lies on tunnels entirely. Pure.
 */
export const choosePorts = (
  firstPort: number,
  slots: readonly (number | null)[],
  streams: number,
): Placement | null => {
  let best: Placement | null = null
  for (let at = 0; at + streams <= slots.length; at += 1) {
    const run = slots.slice(at, at + streams).filter((slot) => slot !== null)
    if (run.length < streams) continue
    const streamsBySlot = count(run)
    if (best === null || cost(streamsBySlot) < cost(best.streamsBySlot))
      best = { firstPort: firstPort + at, streamsBySlot }
  }
  return best
}

/** The stable source address the routes give traffic to `address`, `null` when it does not go through a tunnel. */
export const sourceTowards = async (runner: Runner, address: string): Promise<string | null> => {
  const { stdout } = await runner.run('ip', ['-oneline', 'route', 'get', address])
  const [slot] = parseRouteSlots(stdout)
  return slot === null || slot === undefined ? null : (/ src (\S+)/.exec(stdout)?.[1] ?? null)
}

/** Chooses client ports for `streams` flows; `null` when this kernel does not tell. */
export const placeFlows = async (
  runner: Runner,
  flow: { readonly source: string; readonly address: string; readonly port: number; readonly streams: number },
  random: () => number = Math.random,
): Promise<Placement | null> => {
  const firstPort = PORT_FLOOR + Math.floor(random() * PORT_ROOM)
  const ports = Array.from({ length: CANDIDATES + flow.streams }, (_, at) => firstPort + at)
  const { source, address, port } = flow
  const slots = await askRoutes(
    runner,
    ports.map((sourcePort) => ({ source, sourcePort, address, port })),
  )
  return slots === null ? null : choosePorts(firstPort, slots, flow.streams)
}
