import { appContract } from '../../contract/app.ts'
import { CONFIG_KEYS, CONFIG_SECTIONS } from '../../domain/config/keys.ts'
import { Config } from '../../domain/config/schema.ts'
import { SHIPPED_NAMES } from '../../domain/config/shipped-names.ts'
import { PROBE_PARTS } from '../../domain/probe/request.ts'
import { MAX_TUNNELS_PER_BASTION, TargetId } from '../../domain/tunnel-plan.ts'
import { type OperandAccount, type OptionAccount, type VerbAccount, verbsWithin } from '../command-tree.ts'

/** What a word on the command line is to be. `nothing`: the person's own, no machine can guess it. */
export type Wanted =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  /** A file, or one of a few words. */
  | { readonly kind: 'file'; readonly words: readonly string[] }
  | { readonly kind: 'directory' | 'profile' | 'program' | 'nothing' }

const words = (...given: readonly string[]): Wanted => ({ kind: 'words', words: given })
const NOTHING: Wanted = { kind: 'nothing' }
const FILE: Wanted = { kind: 'file', words: [] }

const numbersTo = (most: number): string[] => Array.from({ length: most }, (_, index) => String(index + 1))

const STRATEGIES = Config.shape.mptcp.unwrap().shape.scheduler.unwrap().options
const { market, routing, at_budget: atBudget } = Config.shape.aws.unwrap().shape
const { direction, protocol } = appContract['traffic.start'].input.shape

/** What is meant by the word that help shows in a value's place. */
const BY_WORD: Readonly<Record<string, Wanted>> = {
  target: words(...TargetId.options),
  strategy: words(...STRATEGIES),
  market: words(...market.unwrap().options),
  routing: words(...routing.unwrap().options),
  act: words(...atBudget.unwrap().options),
  direction: words(...direction.unwrap().options),
  protocol: words(...protocol.unwrap().options),
  'part,': words(...PROBE_PARTS),
  probe: words('latest'),
  file: FILE,
  'file.yaml': FILE,
  'file.json': FILE,
  base: { kind: 'file', words: SHIPPED_NAMES },
  directory: { kind: 'directory' },
  key: words(...CONFIG_SECTIONS.map(({ path }) => path), ...CONFIG_KEYS.map(({ path }) => path)),
  name: { kind: 'profile' },
  tunnel: words(...numbersTo(MAX_TUNNELS_PER_BASTION)),
  command: { kind: 'program' },
}

/** Where a "name" is not one of a saved profile: a new one, or of something else. */
const OTHER_NAMES: ReadonlySet<string> = new Set(['mole create-profile', 'mole init', 'mole profiles import'])

const wantedBy = (path: string, word: string, choices: readonly string[]): Wanted => {
  if (choices.length > 0) return words(...choices)
  if (word === 'name' && OTHER_NAMES.has(path)) return NOTHING
  return Object.hasOwn(BY_WORD, word) ? (BY_WORD[word] as Wanted) : NOTHING
}

/** What follows an option; `null` when it takes no value. */
export const wantedByOption = ({ path }: VerbAccount, { operand, choices }: OptionAccount): Wanted | null =>
  operand === null ? null : wantedBy(path, operand.replace(/[<>[\]]|\.\.\./g, ''), choices)

/** What an operand is. That of "help" is a verb of the group it belongs to. */
export const wantedByOperand = (verb: VerbAccount, { name, choices }: OperandAccount, top: VerbAccount): Wanted => {
  if (verb.name !== 'help') return wantedBy(verb.path, name, choices)
  const group = verbsWithin(top).find(({ verbs }) => verbs.includes(verb))
  return words(...(group?.verbs ?? []).map((each) => each.name))
}

/** A verb's options; a group that means one of its verbs where none is given takes that one's as well. */
export const optionsOf = (verb: VerbAccount): readonly OptionAccount[] => {
  const meant = verb.verbs.find(({ name }) => name === verb.defaultVerb)
  if (meant === undefined) return verb.options
  const known = new Set(verb.options.flatMap(({ names }) => names))
  return [...verb.options, ...meant.options.filter(({ names }) => !names.some((name) => known.has(name)))]
}
