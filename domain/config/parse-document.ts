import { type Document, parseDocument as parseYaml } from 'yaml'
import type { ConfigDocument } from './document.ts'
import { decodeDocument, type Flaw } from './parse/decode-document.ts'
import { type PlaceOf, placesOf } from './parse/places.ts'
import { readSection } from './parse/read-section.ts'
import { readText } from './parse/read-value.ts'
import { beginReading, MOST_PROBLEMS } from './parse/reading.ts'
import { type Mark, surveyLexemes } from './parse/survey-lexemes.ts'
import { syntaxProblems } from './parse/syntax-problems.ts'
import type { ConfigProblem } from './problem.ts'
import type { ConfigValues } from './schema.ts'

/** A document that parsed; `null` where there are problems. */
export type ParsedDocument = {
  readonly document: ConfigDocument | null
  readonly problems: readonly ConfigProblem[]
}

/** A sentence for a list of profiles, and a path. */
const LONGEST = { description: 200, extends: 1024 } as const

const isOwnKey = (path: string): path is keyof typeof LONGEST => Object.hasOwn(LONGEST, path)

/** The YAML reader recurses and throws where it gives up; neither is the writer's business. */
const readYaml = (text: string): Document.Parsed | Flaw => {
  try {
    // Keys that are there twice are found by ourselves: the reader compares each with each.
    return parseYaml(text, { version: '1.2', schema: 'core', uniqueKeys: false, prettyErrors: false })
  } catch {
    return { at: 0, message: 'cannot be read as YAML', nextStep: 'Write it as sections of "key: value" lines.' }
  }
}

/** The first of each line: what follows it is a consequence more often than not. */
const firstOfLines = (text: string, marks: readonly Mark[]): Mark[] =>
  marks.filter(({ from }, index) => {
    const before = marks[index - 1]
    return before === undefined || text.slice(before.from, from).includes('\n')
  })

/** What is read after an error in the syntax may be its consequence; what stands in the lines before it is told. */
const beforeFirst = (
  [error]: readonly Mark[],
  problems: readonly ConfigProblem[],
  placeOf: PlaceOf,
): readonly ConfigProblem[] =>
  error === undefined ? problems : problems.filter(({ place }) => (place?.line ?? 0) < placeOf(error.from).line)

const inOrder = (a: ConfigProblem, b: ConfigProblem): number =>
  (a.place?.line ?? 0) - (b.place?.line ?? 0) || (a.place?.column ?? 0) - (b.place?.column ?? 0)

const refused = (problems: readonly ConfigProblem[]): ParsedDocument => ({
  document: null,
  problems: problems.toSorted(inOrder).slice(0, MOST_PROBLEMS),
})

/**
 * Reads one configuration document: a YAML 1.2 mapping of sections and keys, with `extends` and `description`. All its
 * problems are found at once (at most 50), each with its place, in the order of the text. Never throws, and takes well
 * below a second whatever it is given. Pure.
 */
export const parseConfigDocument = (given: string | Uint8Array, source: string): ParsedDocument => {
  const { text, flaw } = decodeDocument(given)
  const placeOf = placesOf(text)
  const reading = beginReading(source, placeOf, text.length)
  const refuseWhole = ({ at, message, nextStep }: Flaw): ParsedDocument => {
    reading.refuse([at, at + 1], 'document', message, nextStep)
    return refused(reading.problems)
  }
  if (flaw !== null) return refuseWhole(flaw)
  const survey = surveyLexemes(text)
  if (survey.flaw !== null) return refuseWhole(survey.flaw)
  const yaml = readYaml(text)
  if ('at' in yaml) return refuseWhole(yaml)

  const own: Record<keyof typeof LONGEST, string | null> = { description: null, extends: null }
  const values = readSection(reading, yaml.contents, '', [0, 0], (path, node, where) => {
    if (!isOwnKey(path)) return false
    own[path] = readText(reading, path, node, where, LONGEST[path])
    return true
  })
  const errors = firstOfLines(text, syntaxProblems(yaml, survey.marks.length > 0))
  const found = beforeFirst(errors, reading.problems, placeOf)
  const inText = [...survey.marks, ...errors].slice(0, 2 * MOST_PROBLEMS).map(({ from, to, message, nextStep }) => ({
    source,
    place: placeOf(from, to),
    key: reading.keyAt(from),
    message,
    nextStep,
  }))
  const problems = [...found, ...inText]
  if (problems.length > 0) return refused(problems)
  return { document: { source, ...own, values: values as ConfigValues, places: reading.places }, problems }
}
