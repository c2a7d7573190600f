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
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language'
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import { EditorState, type Extension } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { useEffect, useRef } from 'react'
import type { ConfigProblem, Place } from '../../../domain/config/problem.ts'
import { completeYaml, type Offer } from './complete-yaml.ts'
import css from './YamlEditor.module.css'
import { diagnosticsOf, rangeOf } from './yaml-diagnostics.ts'
import { yamlTheme } from './yaml-theme.ts'

type Props = {
  readonly text: string
  readonly onChange: (text: string) => void
  readonly problems: readonly ConfigProblem[]
  /** What the text is called in its problems. */
  readonly source: string
  /** Where to put the cursor; each new value moves it. */
  readonly goTo: Place | null
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
  const found = completeYaml(state.sliceDoc(), pos)
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
  yamlTheme,
  EditorView.lineWrapping,
  keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
]

/** The line ends of a text are kept. */
const lineEndOf = (text: string): string => /\r\n?|\n/.exec(text)?.[0] ?? '\n'

/** A profile's text, with its problems at their places and completion of what can stand where. */
export const YamlEditor = ({ text, onChange, problems, source, goTo, describedBy }: Props) => {
  const frame = useRef<HTMLDivElement>(null)
  const editor = useRef<EditorView>(null)
  const changed = useRef(onChange)
  useEffect(() => {
    changed.current = onChange
  }, [onChange])
  const first = useRef(text)

  useEffect(() => {
    if (frame.current === null) return
    const view = new EditorView({
      parent: frame.current,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          EXTENSIONS,
          EditorState.lineSeparator.of(lineEndOf(first.current)),
          EditorView.contentAttributes.of({ 'aria-label': 'Profile as YAML', 'aria-describedby': describedBy }),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) changed.current(state.sliceDoc())
          }),
        ],
      }),
    })
    editor.current = view
    return () => {
      first.current = view.state.sliceDoc()
      view.destroy()
      editor.current = null
    }
  }, [describedBy])

  // A text that did not come from here: somebody else's, or a change taken back.
  useEffect(() => {
    const view = editor.current
    if (view === null || view.state.sliceDoc() === text) return
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: view.state.toText(text) } })
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
