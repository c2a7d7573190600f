import { OURS } from '../../domain/ours.ts'
import type { OperationOf, OperationRules } from '../operation.ts'

/** Comment on each of our rules: by it they are recognised as written by this version. */
export const CLAMP_COMMENT = 'cloud-mole clamp 1'

/** Interfaces a forwarded SYN may come in or leave by. */
export const CLAMP_MATCHES = ['oifname', 'iifname'] as const

const rule = (match: string): string =>
  `add rule inet ${OURS.nftTable} clamp ${match} "${OURS.interfacePrefix}*" ` +
  `tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu comment "${CLAMP_COMMENT}"`

/** `add` first, so that `delete` cannot fail; nft runs a file as one transaction (`nft(8)`). */
const REMOVE = [`add table inet ${OURS.nftTable}`, `delete table inet ${OURS.nftTable}`]

/** `rt mtu` is the smaller MTU of the two directions, and the kernel never raises an MSS. */
const ADD = [
  ...REMOVE,
  `add table inet ${OURS.nftTable}`,
  `add chain inet ${OURS.nftTable} clamp { type filter hook forward priority mangle; policy accept; }`,
  ...CLAMP_MATCHES.map(rule),
]

/** MSS clamp of forwarded TCP: ICMP "too big" does not survive tunnels (RFC 4459, 3.2). */
export const clampRules: OperationRules<OperationOf<'clamp'>> = {
  text: ({ to }) =>
    to ? "clamp the segment size of forwarded TCP to the tunnels' MTU" : 'remove the clamp of TCP segment size',
  effects: ({ to }) => [{ by: 'nft', script: `${(to ? ADD : REMOVE).join('\n')}\n` }],
  undo: ({ to, was }) => (to === was ? [] : [{ kind: 'clamp', to: was, was: to }]),
}
