import { laneNumber } from '../ours.ts'
import { BASTION_PORTS, hostPort, slotsOf } from '../tunnel-plan.ts'
import type { FirewallRule } from './firewall.ts'
import type { ProbeTarget } from './request.ts'

export type FirewallQuestion = {
  /** Of this host, as the network sees it; `null`: not known. */
  readonly hostAddress: string | null
  readonly target: ProbeTarget
  /** Public addresses of the bastions, or of the host that was measured towards; empty: not known yet. */
  readonly endpoints: readonly string[]
  readonly tunnels: number
  /** First UDP port of a bastion (`BASTION_PORTS.first`). */
  readonly firstPort: number
}

/** `41821-41824, 41921-41924`: both lanes of so many tunnels. */
const hostPorts = (tunnels: number): string => {
  const slots = slotsOf({ tunnels, bastions: 1 })
  return ([0, 1] as const)
    .map((lane) => {
      const ports = slots.map((slot) => hostPort(laneNumber(slot, lane)))
      const [first, last] = [Math.min(...ports), Math.max(...ports)]
      return first === last ? String(first) : `${first}-${last}`
    })
    .join(', ')
}

const bothWays = (
  rule: Omit<FirewallRule, 'note' | 'purpose'> & { readonly purpose: string; readonly note: string },
): FirewallRule[] => [
  rule,
  {
    ...rule,
    from: rule.to,
    fromPorts: rule.toPorts,
    to: rule.from,
    toPorts: rule.fromPorts,
    note: 'Answers; a firewall that keeps state lets them in by itself.',
  },
]

const tunnelRules = ({ tunnels, firstPort }: FirewallQuestion, host: string, far: string): FirewallRule[] =>
  bothWays({
    purpose: 'WireGuard tunnels',
    protocol: 'UDP',
    from: host,
    fromPorts: hostPorts(tunnels),
    to: far,
    toPorts: `${firstPort}-${firstPort + BASTION_PORTS.last - BASTION_PORTS.first}`,
    note: `${tunnels} ${tunnels === 1 ? 'tunnel' : 'tunnels'}; twice as many ports, as keys are replaced over a second set. Long-lived flows, up to the full rate.`,
  })

const measuringRules = ({ target }: FirewallQuestion, host: string, far: string): FirewallRule[] => {
  if (target.kind !== 'host' && target.kind !== 'aws') return []
  const ports = target.kind === 'host' ? target : { iperf3Port: 5201, echoPort: 7011 }
  const rule = (protocol: 'TCP' | 'UDP', port: number, note: string): FirewallRule[] =>
    bothWays({ purpose: 'Measuring', protocol, from: host, fromPorts: 'any', to: far, toPorts: String(port), note })
  return [
    ...rule('UDP', ports.echoPort, 'Echoes of up to 9216 bytes, not fragmented: path MTU and round trips.'),
    ...rule('TCP', ports.iperf3Port, 'iperf3, only while it is measured.'),
    ...rule('UDP', ports.iperf3Port, 'iperf3, only while it is measured.'),
  ]
}

/** By which the cloud is asked to make and to end bastions. */
const controlRules = ({ target }: FirewallQuestion, host: string): FirewallRule[] =>
  target.kind === 'aws'
    ? bothWays({
        purpose: 'Control of the cloud',
        protocol: 'TCP',
        from: host,
        fromPorts: 'any',
        to: `*.amazonaws.com (${target.region})`,
        toPorts: '443',
        note: 'AWS’s API, by HTTPS; a proxy for HTTPS will do.',
      })
    : []

/** What a firewall on the way has to let through, both ways, exact where it is known. Pure. */
export const firewallRequest = (question: FirewallQuestion): FirewallRule[] => {
  const host = question.hostAddress ?? 'this host'
  const isKnown = question.endpoints.length > 0
  const measured = isKnown ? question.endpoints.join(', ') : 'the host that is measured towards'
  // What was measured towards is a bastion's address only where a bastion is.
  const bastions =
    isKnown && question.target.kind !== 'host' ? question.endpoints.join(', ') : 'the bastions (known after "mole up")'
  return [
    ...tunnelRules(question, host, bastions),
    ...measuringRules(question, host, measured),
    ...controlRules(question, host),
    {
      purpose: 'Path MTU discovery',
      protocol: 'ICMP',
      from: 'any router on the way',
      fromPorts: 'type 3, code 4',
      to: host,
      toPorts: '-',
      note: '"Fragmentation needed" (RFC 1191): without it, packets that are too big vanish.',
    },
  ]
}
