import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  startCompletion,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyField, historyKeymap } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language'
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import { Annotation, EditorState, type Extension } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import type { ConfigProblem, Place } from '../../../domain/config/problem.ts'
import { completeYaml, type Offer } from './complete-yaml.ts'
import css from './Editor.module.css'
import { pathAt } from './path-at.ts'
import { smallestChange } from './smallest-change.ts'
import { diagnosticsOf, rangeOf } from './yaml-diagnostics.ts'
import { yamlSearch } from './yaml-search.ts'
import { yamlTheme } from './yaml-theme.ts'

type Props = {
  readonly text: string
  readonly onChange: (text: string) => void
  readonly problems: readonly ConfigProblem[]
  /** What the text is called in its problems. */
  readonly source: string
  /** Where to put the cursor; each new value moves it. */
  readonly goTo: Place | null
  /** The path of the key or section that the cursor is in, whenever that is another one. */
  readonly onCursor: (path: string | null) => void
  /** Selection and undo history of this text, kept while the editor is not shown. */
  readonly kept: RefObject<unknown>
  readonly describedBy: string
}

const apply =
  ({ insert, kind }: Offer) =>
  (view: EditorView, _: Completion, from: number, to: number): void => {
    view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, userEvent: 'input' })
    // Behind a key its values are offered at once, behind a section its keys.
    if (kind !== 'value') startCompletion(view)
  }

const TYPES: Readonly<Record<Offer['kind'], string>> = { section: 'namespace', key: 'property', value: 'constant' }

const complete = ({ state, pos, explicit }: CompletionContext): CompletionResult | null => {
  const found = completeYaml(state.doc.toString(), pos)
  if (found === null || (!explicit && found.from === pos && !/\S/.test(state.doc.lineAt(pos).text))) return null
  const options = found.offers.map(
    (offer): Completion => ({
      label: offer.label,
      detail: offer.detail,
      type: TYPES[offer.kind],
      apply: apply(offer),
      ...(offer.info === '' ? {} : { info: offer.info }),
    }),
  )
  return { from: found.from, options, validFor: /^[\w.-]*$/ }
}

/** Tab is left to the browser: the keyboard gets out of the editor by it. Ctrl+] and Ctrl+[ indent. */
const EXTENSIONS: Extension = [
  lineNumbers(),
  lintGutter(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSpecialChars(),
  history(),
  drawSelection(),
  indentOnInput(),
  indentUnit.of('  '),
  bracketMatching(),
  closeBrackets(),
  autocompletion({ override: [complete], icons: false }),
  yaml(),
  yamlSearch,
  yamlTheme,
  EditorView.lineWrapping,
  keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
]

/** In the editor a line ends with "\n"; outside, as in the text it came from. */
const withLineEnd = (lines: string, original: string): string =>
  lines.replaceAll('\n', /\r\n?|\n/.exec(original)?.[0] ?? '\n')
const linesOf = (text: string): string => text.replaceAll(/\r\n?/g, '\n')

/** On a change that was not made in the editor, and so need not be told. */
const fromOutside = Annotation.define<true>()

const KEPT = { history: historyField }

/** A profile's text, with its problems at their places and completion of what can stand where. */
export const YamlEditor = ({ text, onChange, problems, source, goTo, onCursor, kept, describedBy }: Props) => {
  const frame = useRef<HTMLDivElement>(null)
  const editor = useRef<EditorView>(null)
  const told = useRef({ onChange, onCursor, text })
  useLayoutEffect(() => {
    told.current = { onChange, onCursor, text }
  }, [onChange, onCursor, text])
  const first = useRef(text)

  useLayoutEffect(() => {
    if (frame.current === null) return
    const tellCursor = ({ doc, selection }: EditorState): void =>
      told.current.onCursor(pathAt(doc.toString(), selection.main.head))
    const extensions: Extension = [
      EXTENSIONS,
      EditorView.contentAttributes.of({ 'aria-label': 'Profile as YAML', 'aria-describedby': describedBy }),
      EditorView.updateListener.of(({ docChanged, selectionSet, state, transactions }) => {
        if (transactions.some((each) => each.docChanged && each.annotation(fromOutside) !== true))
          told.current.onChange(withLineEnd(state.doc.toString(), told.current.text))
        if (docChanged || selectionSet) tellCursor(state)
      }),
    ]
    const state =
      kept.current === null
        ? EditorState.create({ doc: first.current, extensions })
        : EditorState.fromJSON(kept.current, { extensions }, KEPT)
    const view = new EditorView({ parent: frame.current, state })
    editor.current = view
    tellCursor(state)
    return () => {
      kept.current = view.state.toJSON(KEPT)
      view.destroy()
      editor.current = null
    }
  }, [describedBy, kept])

  // A text that did not come from here: the form's, somebody else's, or a change taken back. Within the commit, because
  // what is typed between that and a later effect would be taken back with it.
  useLayoutEffect(() => {
    const [shown, wanted] = [editor.current?.state.doc.toString(), linesOf(text)]
    if (shown === undefined || shown === wanted) return
    editor.current?.dispatch({ changes: smallestChange(shown, wanted), annotations: fromOutside.of(true) })
  }, [text])

  useEffect(() => {
    const view = editor.current
    if (view !== null) view.dispatch(setDiagnostics(view.state, diagnosticsOf(view.state.doc, problems, source)))
  }, [problems, source])

  useEffect(() => {
    const view = editor.current
    if (view === null || goTo === null) return
    const { from, to } = rangeOf(view.state.doc, goTo)
    view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true })
    view.focus()
  }, [goTo])

  return <div ref={frame} className={css.editor} />
}
