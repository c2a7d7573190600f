import { type OptionAccount, type VerbAccount, verbsWithin } from '../command-tree.ts'
import { EXIT_MEANINGS } from '../exit-codes.ts'
import { FIRST_MINUTE } from '../first-minute.ts'
import { bold, escapeRoff, italic, paragraphs, section, subsection, tagged, title, verbatim } from './roff.ts'
import { CONFIGURATION, ENVIRONMENT, FILES, type Term } from './surroundings.ts'

const isHelp = ({ name }: VerbAccount): boolean => name === 'help'

/** Verbs that do something: neither groups nor "help". */
const actsWithin = (verb: VerbAccount): VerbAccount[] => verbsWithin(verb).filter(({ acts }) => acts)

const isSame = (a: OptionAccount, b: OptionAccount): boolean =>
  a.names.join() === b.names.join() && a.description === b.description

/** Options that every verb has, told once. */
const commonOptions = (acts: readonly VerbAccount[]): OptionAccount[] =>
  (acts[0]?.options ?? []).filter((option) =>
    acts.every(({ options }) => options.some((other) => isSame(option, other))),
  )

const renderOption = ({ names, operand, description, choices }: OptionAccount): string => {
  const term = `${names.map(bold).join(', ')}${operand === null ? '' : ` ${italic(operand)}`}`
  return tagged(term, choices.length === 0 ? description : `${description} (${choices.join(', ')})`)
}

const usage = ({ path, operands, options }: VerbAccount): string => {
  const places = operands.map(({ name, isRequired, isVariadic }) => {
    const word = `${name}${isVariadic ? '...' : ''}`
    return isRequired ? `<${word}>` : `[${word}]`
  })
  return [path, ...(options.length === 0 ? [] : ['[options]']), ...places].join(' ')
}

const renderVerb = (verb: VerbAccount, common: readonly OptionAccount[]): string => {
  const own = verb.options.filter((option) => !common.some((other) => isSame(option, other)))
  return [
    subsection(usage(verb)),
    paragraphs(verb.description),
    ...verb.operands
      .filter(({ description }) => description !== '')
      .map(({ name, description, choices }) =>
        tagged(italic(name), choices.length === 0 ? description : `${description}: ${choices.join(', ')}`),
      ),
    ...own.map(renderOption),
    ...(verb.examples.length === 0 ? [] : [verbatim(verb.examples)]),
  ].join('\n')
}

/** A group is introduced, then each of its verbs. */
const renderTopVerb = (verb: VerbAccount, common: readonly OptionAccount[]): string[] => {
  if (verb.acts) return actsWithin(verb).map((each) => renderVerb(each, common))
  const introduction = [subsection(`${verb.path} <verb>`), paragraphs(verb.description)].join('\n')
  return [introduction, ...actsWithin(verb).map((each) => renderVerb(each, common))]
}

/** The verbs in sections, as `mole --help` has them under headings. */
const verbSections = (top: VerbAccount, common: readonly OptionAccount[]): string[] => {
  const verbs = top.verbs.filter((verb) => !isHelp(verb))
  const headings = [...new Set(verbs.map(({ heading }) => heading ?? 'Verbs'))]
  return headings.flatMap((heading) => [
    section(heading.replace(/:$/, '').toUpperCase()),
    ...verbs.filter((verb) => (verb.heading ?? 'Verbs') === heading).flatMap((verb) => renderTopVerb(verb, common)),
  ])
}

const renderTerms = (terms: readonly Term[]): string => terms.map(([term, text]) => tagged(bold(term), text)).join('\n')

const exitCodes = (): string =>
  Object.entries(EXIT_MEANINGS)
    .map(([code, meaning]) => tagged(bold(code), meaning))
    .join('\n')

const HOW_IT_WORKS =
  'The command talks to the running engine, and starts one in the background where work must go on after it. Data goes to stdout, everything else to stderr.'

/** The manual page mole(1): every verb with its options and examples, and what is around them. */
export const renderManPage = (top: VerbAccount, version: string): string => {
  const common = commonOptions(actsWithin(top))
  return [
    title('MOLE', 1, `Cloud Mole ${version}`, 'User Commands'),
    section('NAME'),
    `mole \\- ${escapeRoff('bundles of WireGuard tunnels to private subnets in the cloud')}`,
    section('SYNOPSIS'),
    `${bold('mole')} ${italic('verb')} [${italic('options')}] [${italic('operands')}]`,
    section('DESCRIPTION'),
    paragraphs(`${top.description}\n${HOW_IT_WORKS}`),
    section('OPTIONS OF EVERY VERB'),
    ...common.map(renderOption),
    ...verbSections(top, common),
    section('CONFIGURATION'),
    paragraphs(CONFIGURATION),
    section('ENVIRONMENT'),
    renderTerms(ENVIRONMENT),
    section('FILES'),
    renderTerms(FILES),
    section('EXIT STATUS'),
    exitCodes(),
    section('EXAMPLES'),
    verbatim(FIRST_MINUTE.split('\n')),
    section('SEE ALSO'),
    '.BR wg (8),\n.BR ip (8),\n.BR ssh (1)',
    '',
  ].join('\n')
}
