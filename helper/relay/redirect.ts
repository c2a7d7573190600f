import { createHash } from 'node:crypto'
import { z } from 'zod'
import { OURS } from '../../domain/ours.ts'
import type { RelayConfig } from './config.ts'

const TABLE = `inet ${OURS.relayNftTable}`

/** `add` first, so that `delete` cannot fail; nft runs a file as one transaction (`nft(8)`). */
const REMOVE = [`add table ${TABLE}`, `delete table ${TABLE}`]

/** On each rule: by it they are recognised as written by this version, for this configuration. */
const commentOf = ({ address, port, routes, own }: RelayConfig): string =>
  `cloud-mole relay 1 ${createHash('sha256')
    .update(JSON.stringify([address, port, routes, own]))
    .digest('hex')
    .slice(0, 12)}`

const RULES = ['own', 'guard'] as const

/**
 * Leads this host's own TCP connections to the private networks to the relay. Not what is Multipath TCP already (its first packet
 * says so: RFC 8684, option 30), and not what begins at a tunnel's own address: the relay's own connections do. Nor what comes
 * from elsewhere, a neighbour or a container: led here it would be received instead of forwarded, past every rule that says what
 * may be forwarded, and carried under this host's name. Nobody comes to the relay by calling on it: only what was led there
 * gets in.
 */
const add = (config: RelayConfig): string[] => {
  const { address, port, routes, own } = config
  const there = `ip daddr { ${routes.join(', ')} }`
  const led = `meta l4proto tcp tcp option mptcp missing dnat ip to ${address}:${port}`
  const rule = (chain: (typeof RULES)[number], text: string): string =>
    `add rule ${TABLE} ${chain} ${text} comment "${commentOf(config)}"`
  return [
    `add table ${TABLE}`,
    `add chain ${TABLE} own { type nat hook output priority -100; policy accept; }`,
    `add chain ${TABLE} guard { type filter hook input priority 0; policy accept; }`,
    rule('own', `${there} ip saddr != { ${own.join(', ')} } ${led}`),
    rule('guard', `ip daddr ${address} tcp dport ${port} ct status & dnat == 0 reject with tcp reset`),
  ]
}

/** The ruleset that leads connections to the relay, or, for `null`, takes it away; for `nft -f -`. Pure. */
export const renderRedirect = (config: RelayConfig | null): string =>
  `${[...REMOVE, ...(config === null ? [] : add(config))].join('\n')}\n`

const Ruleset = z.object({
  nftables: z.array(z.object({ rule: z.object({ chain: z.string(), comment: z.string().optional() }).optional() })),
})

/** Whether the table, as `nft -j list table` shows it, is the one for `config`. Pure. */
export const isRedirectOf = (config: RelayConfig, stdout: string): boolean => {
  const rules = Ruleset.parse(JSON.parse(stdout)).nftables.flatMap(({ rule }) => rule ?? [])
  const shown = rules.map(({ chain, comment }) => `${chain} ${comment ?? ''}`).toSorted()
  return (
    shown.join('\n') ===
    RULES.map((chain) => `${chain} ${commentOf(config)}`)
      .toSorted()
      .join('\n')
  )
}
