import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { OURS } from '../../domain/ours.ts'
import { CLAMP_COMMENT, CLAMP_MATCHES } from '../ops/clamp.ts'
import type { System } from '../system.ts'
import type { Facts } from './facts.ts'

const Ruleset = z.object({
  nftables: z.array(
    z.object({
      chain: z.object({ name: z.string(), hook: z.string().optional(), policy: z.string().optional() }).optional(),
      rule: z.object({ comment: z.string().optional(), expr: z.array(z.unknown()) }).optional(),
    }),
  ),
})

const Match = z.object({ match: z.object({ left: z.object({ meta: z.object({ key: z.string() }) }) }) })

const matchOf = (expressions: readonly unknown[]): string | null => {
  const parsed = Match.safeParse(expressions[0])
  return parsed.success ? parsed.data.match.left.meta.key : null
}

/** Judges our table as `nft -j list table` shows it (`libnftables-json(5)`). Pure. */
export const parseClamp = (stdout: string): Facts['clamp'] => {
  const { nftables } = Ruleset.parse(JSON.parse(stdout))
  const chains = nftables.flatMap(({ chain }) => (chain === undefined ? [] : [chain]))
  const rules = nftables.flatMap(({ rule }) => (rule === undefined ? [] : [rule]))
  const hasChain = isDeepStrictEqual(chains, [{ name: 'clamp', hook: 'forward', policy: 'accept' }])
  // How a rule's statement is written differs between versions of nft; our comment says which we wrote.
  const hasRules = isDeepStrictEqual(
    rules.map(({ comment, expr }) => [comment, matchOf(expr)]),
    CLAMP_MATCHES.map((match) => [CLAMP_COMMENT, match]),
  )
  return hasChain && hasRules ? 'ours' : 'other'
}

/** Whether the MSS clamp is in force. */
export const observeClamp = async ({ runner }: System): Promise<Facts['clamp']> => {
  const { stdout, code } = await runner.run('nft', ['-j', 'list', 'table', 'inet', OURS.nftTable])
  return code === 0 ? parseClamp(stdout) : 'absent'
}
