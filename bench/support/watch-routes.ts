import { interfaceName, OURS } from '../../domain/ours.ts'
import { type Place, runAt, startAt } from './inside.ts'

/** A change of the next-hop group, by the clock of `ip monitor`. */
export type GroupChange = { readonly atMs: number; readonly tunnels: readonly number[] }

/** Follows the next-hop group: independent of what the helper says of itself. */
export const watchGroup = (dtn: Place): { readonly changes: GroupChange[]; readonly end: () => void } => {
  const running = startAt(dtn, 'ip', '-oneline', '-timestamp', '-tshort', 'monitor', 'nexthop')
  const changes: GroupChange[] = []
  const follow = async (): Promise<void> => {
    for (;;) {
      const line = await running.next()
      const [, stamp, members] = /^\[([^\]]+)\].*id 771000 group ([0-9/]+)/.exec(line) ?? []
      if (stamp === undefined || members === undefined) continue
      const tunnels = members.split('/').map((id) => Number(id) - OURS.nexthopBase)
      changes.push({ atMs: parseStamp(stamp), tunnels })
    }
  }
  void follow().catch(() => undefined)
  return { changes, end: () => void running.child.kill('SIGKILL') }
}

/** `2026-11-21T14:02:26.123456`, local time with microseconds. */
const parseStamp = (stamp: string): number => {
  const [seconds = '', micros = '0'] = stamp.split('.')
  return new Date(seconds).getTime() + Number(micros) / 1000
}

/** The counters are ours alone: a table of the bench, beside those of the product. */
const TABLE = 'inet bench'

const RULES = (network: string): string[] => [
  `add table ${TABLE}`,
  `add set ${TABLE} seen { type ifname . inet_proto . inet_service ; flags dynamic ; size 8192 ; }`,
  `add chain ${TABLE} out { type filter hook postrouting priority 300 ; }`,
  `add rule ${TABLE} out ip daddr ${network} meta l4proto { tcp, udp } add @seen { oifname . meta l4proto . th sport }`,
  `add rule ${TABLE} out oifname != "mole*" ip daddr ${network} counter`,
]

/** Notes which tunnel each flow rides, and what leaves for `network` by anything else than a tunnel. */
export const watchFlows = async (dtn: Place, network: string): Promise<void> => {
  for (const rule of RULES(network)) await runAt(dtn, 'nft', rule)
}

export const forgetFlows = async (dtn: Place): Promise<void> =>
  void (await runAt(dtn, 'nft', `flush set ${TABLE} seen`))

/** Source ports of the flows that were seen on a tunnel since they were forgotten, by protocol. */
export const flowsOn = async (dtn: Place, tunnel: number): Promise<{ udp: Set<number>; tcp: Set<number> }> => {
  const text = await runAt(dtn, 'nft', '--numeric', 'list', 'set', ...TABLE.split(' '), 'seen')
  const of = (protocol: number): Set<number> =>
    new Set(
      [...text.matchAll(new RegExp(`"${interfaceName(tunnel)}" \\. ${protocol} \\. ([0-9]+)`, 'g'))].map(([, port]) =>
        Number(port),
      ),
    )
  return { udp: of(17), tcp: of(6) }
}

/** Packets that left for the network by something else than a tunnel. */
export const strayPackets = async (dtn: Place): Promise<number> =>
  Number(/counter packets ([0-9]+)/.exec(await runAt(dtn, 'nft', 'list', 'table', ...TABLE.split(' ')))?.[1])
