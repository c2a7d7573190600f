import { OURS } from '../../domain/ours.ts'
import { type Deal, MARK_MASKS, markOf, markRound } from '../deal.ts'
import type { NftFacts } from '../observe/facts.ts'

/** A rule is recognised by its comment, which says all that is in it, and which version wrote it. */
type NftRule = { readonly comment: string; readonly text: string }

export type NftChain = {
  readonly name: string
  /** `null`: no base chain. */
  readonly hook: { readonly type: 'filter' | 'route'; readonly name: 'forward' | 'output' | 'prerouting' } | null
  readonly rules: readonly NftRule[]
}

/** What our comments begin with. nft takes at most 128 bytes. */
export const COMMENTS = {
  clamp: 'cloud-mole clamp 1 ',
  deal: 'cloud-mole deal 1 ',
  agents: 'cloud-mole agents 1 ',
} as const

const OUR_INTERFACES = `"${OURS.interfacePrefix}*"`

/** `rt mtu` is the smaller MTU of the two directions, and the kernel never raises an MSS. */
const clampRule = (match: 'oifname' | 'iifname'): NftRule => ({
  comment: `${COMMENTS.clamp}${match}`,
  text: `${match} ${OUR_INTERFACES} tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu`,
})

/** MSS clamp of forwarded TCP: ICMP "too big" does not survive tunnels (RFC 4459, 3.2). */
const CLAMP: NftChain = {
  name: 'clamp',
  hook: { type: 'filter', name: 'forward' },
  rules: [clampRule('oifname'), clampRule('iifname')],
}

const hex = (value: number): string => `0x${value.toString(16)}`

/** Slots as a hexadecimal number with one bit for each. */
export const renderSlots = (slots: readonly number[]): string =>
  slots.reduce((bits, slot) => bits | (1n << BigInt(slot)), 0n).toString(16)

/** Reads what `renderSlots` wrote. */
export const parseSlots = (text: string): number[] => {
  const bits = BigInt(`0x${text}`)
  return Array.from({ length: text.length * 4 }, (_, slot) => slot).filter(
    (slot) => ((bits >> BigInt(slot)) & 1n) === 1n,
  )
}

const dealChain = ({ slots }: Deal): NftChain => {
  const round = markRound(slots)
  const marks = slots.map((slot, at) => `${at} : ${hex(round + (markOf(slot) - OURS.markBase))}`)
  return {
    name: 'deal',
    hook: null,
    rules: [
      {
        comment: `${COMMENTS.deal}leave foreign marks`,
        text: `ct mark != 0 ct mark & ${hex(MARK_MASKS.ours)} != ${hex(OURS.markBase)} return`,
      },
      {
        comment: `${COMMENTS.deal}slots ${renderSlots(slots)}`,
        text:
          `ct mark & ${hex(MARK_MASKS.round)} != ${hex(round)} ` +
          `ct mark set numgen inc mod ${slots.length} map { ${marks.join(', ')} }`,
      },
      { comment: `${COMMENTS.deal}mark`, text: 'meta mark 0 meta mark set ct mark' },
    ],
  }
}

const dealChains = (deal: Deal): NftChain[] => [
  dealChain(deal),
  {
    name: 'local',
    // "route": a packet whose mark was changed is routed again (`nft(8)`).
    hook: { type: 'route', name: 'output' },
    rules: deal.networks.map((network) => ({
      comment: `${COMMENTS.deal}from ${deal.source} to ${network}`,
      text: `ip saddr ${deal.source} ip daddr ${network} jump deal`,
    })),
  },
  {
    name: 'forwarded',
    hook: { type: 'filter', name: 'prerouting' },
    rules: deal.networks.map((network) => ({
      comment: `${COMMENTS.deal}forwarded to ${network}`,
      text: `iifname != ${OUR_INTERFACES} ip daddr ${network} jump deal`,
    })),
  },
]

/**
 * A bastion's agent takes whatever comes from a tunnel's own address for the helper's word, and every user of this host may
 * send from there: only root may ask it.
 */
const agentsChain = (agents: readonly string[]): NftChain => ({
  name: 'agents',
  hook: { type: 'filter', name: 'output' },
  rules: agents.map((address) => ({
    comment: `${COMMENTS.agents}${address}`,
    text: `ip daddr ${address} tcp dport ${OURS.agentPort} meta skuid != 0 reject with tcp reset`,
  })),
})

/** The chains of our table. Pure. */
export const chainsOf = ({ clamp, deal, agents }: NftFacts): NftChain[] => [
  ...(agents.length > 0 ? [agentsChain(agents)] : []),
  ...(clamp ? [CLAMP] : []),
  ...(deal === null ? [] : dealChains(deal)),
]
