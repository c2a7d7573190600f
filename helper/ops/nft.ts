import { OURS } from '../../domain/ours.ts'
import type { NftFacts } from '../observe/facts.ts'
import type { OperationOf, OperationRules } from '../operation.ts'
import { chainsOf, type NftChain } from './nft-chains.ts'

const TABLE = `inet ${OURS.nftTable}`

/** `add` first, so that `delete` cannot fail; nft runs a file as one transaction (`nft(8)`). */
const REMOVE = [`add table ${TABLE}`, `delete table ${TABLE}`]

const addChain = ({ name, hook }: NftChain): string => {
  const base = hook === null ? '' : ` { type ${hook.type} hook ${hook.name} priority mangle; policy accept; }`
  return `add chain ${TABLE} ${name}${base}`
}

const addRules = ({ name, rules }: NftChain): string[] =>
  rules.map(({ text, comment }) => `add rule ${TABLE} ${name} ${text} comment "${comment}"`)

const script = (to: NftFacts | null): string => {
  const chains = to === null ? [] : chainsOf(to)
  const add =
    to === null ? [] : [`add table ${TABLE}`, ...chains.flatMap((chain) => [addChain(chain), ...addRules(chain)])]
  return `${[...REMOVE, ...add].join('\n')}\n`
}

const inWords = ({ clamp, deal, agents }: NftFacts): string[] => [
  ...(clamp ? ["clamp the segment size of forwarded TCP to the tunnels' MTU"] : []),
  ...(deal === null
    ? []
    : [`deal new connections to ${deal.networks.join(', ')} out to the tunnels ${deal.slots.join(', ')} in turn`]),
  ...(agents.length > 0 ? [`let root alone ask the agents of bastions at ${agents.join(', ')}`] : []),
]

/** Our table of nftables: replaced whole, in one transaction. */
export const nftRules: OperationRules<OperationOf<'nft'>> = {
  text: ({ to }) =>
    to === null
      ? 'clamp no segment sizes, mark no connections and guard no agents any more'
      : inWords(to).join(', and '),
  effects: ({ to }) => [{ by: 'nft', script: script(to) }],
  // What was not as we write it cannot be written again.
  undo: ({ to, was }) => (was === 'other' ? [] : [{ kind: 'nft', to: was, was: to }]),
}
