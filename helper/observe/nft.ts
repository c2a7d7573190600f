import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { OURS } from '../../domain/ours.ts'
import { COMMENTS, chainsOf, parseSlots } from '../ops/nft-chains.ts'
import type { System } from '../system.ts'
import type { Facts, NftFacts } from './facts.ts'

const Ruleset = z.object({
  nftables: z.array(
    z.object({
      chain: z
        .object({
          name: z.string(),
          type: z.string().optional(),
          hook: z.string().optional(),
          policy: z.string().optional(),
        })
        .optional(),
      rule: z.object({ chain: z.string(), comment: z.string().optional() }).optional(),
    }),
  ),
})

/** Chains and rules, without what differs between versions of nft: how a rule's statements are written. */
type Shape = { readonly chains: readonly string[]; readonly rules: readonly string[] }

const shownShape = (shown: z.infer<typeof Ruleset>): Shape => ({
  chains: shown.nftables.flatMap(({ chain }) =>
    chain === undefined ? [] : [[chain.name, chain.type, chain.hook, chain.policy].join(' ')],
  ),
  rules: shown.nftables.flatMap(({ rule }) => (rule === undefined ? [] : [`${rule.chain} ${rule.comment ?? ''}`])),
})

const shapeOf = (facts: NftFacts): Shape => {
  const chains = chainsOf(facts)
  return {
    chains: chains.map(({ name, hook }) => [name, hook?.type, hook?.name, hook && 'accept'].join(' ')),
    rules: chains.flatMap(({ name, rules }) => rules.map(({ comment }) => `${name} ${comment}`)),
  }
}

/** What the comments say is in force. */
const readComments = (comments: readonly string[]): NftFacts => {
  const after = (prefix: string): string[] =>
    comments.flatMap((comment) => (comment.startsWith(prefix) ? [comment.slice(prefix.length)] : []))
  const [slots] = after(`${COMMENTS.deal}slots `).filter((text) => /^[0-9a-f]{1,32}$/.test(text))
  const own = after(`${COMMENTS.deal}from `).map((text) => text.split(' to '))
  const source = own[0]?.[0]
  return {
    agents: after(COMMENTS.agents).toSorted(),
    clamp: after(COMMENTS.clamp).length > 0,
    deal:
      slots === undefined || source === undefined
        ? null
        : { slots: parseSlots(slots), networks: own.map(([, network = '']) => network), source },
  }
}

const sorted = ({ chains, rules }: Shape): Shape => ({ chains: chains.toSorted(), rules: rules.toSorted() })

/** Judges our table as `nft -j list table` shows it (`libnftables-json(5)`). Pure. */
export const parseNft = (stdout: string): Facts['nft'] => {
  const shown = Ruleset.parse(JSON.parse(stdout))
  const facts = readComments(shown.nftables.flatMap(({ rule }) => rule?.comment ?? []))
  const isOurs = isDeepStrictEqual(sorted(shownShape(shown)), sorted(shapeOf(facts)))
  return isOurs && shown.nftables.some(({ rule }) => rule !== undefined) ? facts : 'other'
}

/** What of our table of nftables is in force. */
export const observeNft = async ({ runner }: System): Promise<Facts['nft']> => {
  const { stdout, code } = await runner.run('nft', ['-j', 'list', 'table', 'inet', OURS.nftTable])
  return code === 0 ? parseNft(stdout) : 'absent'
}
