import { type EditorState, type Extension, RangeSet, StateEffect, StateField } from '@codemirror/state'
import { type Command, Decoration, EditorView, keymap, type Panel, showPanel, type ViewUpdate } from '@codemirror/view'
import { findMatches, type Match, matchFrom } from './find-matches.ts'

/** What is looked for; `null` while the field for it is closed. */
const setWord = StateEffect.define<string | null>()

const mark = Decoration.mark({ class: 'cm-found' })

type Search = { readonly word: string | null; readonly matches: readonly Match[] }

const search = StateField.define<Search>({
  create: () => ({ word: null, matches: [] }),
  update: (before, { effects, docChanged, state }) => {
    const word = effects.reduce<string | null>((now, each) => (each.is(setWord) ? each.value : now), before.word)
    if (word === before.word && !docChanged) return before
    // Offsets count every line end as one, as the editor does.
    return { word, matches: findMatches(state.doc.toString(), word ?? '') }
  },
  provide: (field) => [
    showPanel.from(field, ({ word }) => (word === null ? null : openField)),
    EditorView.decorations.from(field, ({ matches }) =>
      RangeSet.of(matches.map(({ from, to }) => mark.range(from, to))),
    ),
  ],
})

const goTo = (view: EditorView, match: Match | null): void => {
  if (match === null) return
  const selection = { anchor: match.from, head: match.to }
  view.dispatch({ selection, effects: EditorView.scrollIntoView(match.from, { y: 'center' }) })
}

const step =
  (isBackwards: boolean): Command =>
  (view) => {
    const { word, matches } = view.state.field(search)
    if (word === null) return openSearch(view)
    goTo(view, matchFrom(matches, view.state.selection.main, isBackwards))
    return true
  }

const close: Command = (view) => {
  if (view.state.field(search).word === null) return false
  view.dispatch({ effects: setWord.of(null) })
  view.focus()
  return true
}

const fieldOf = (view: EditorView): HTMLInputElement | null => view.dom.querySelector('.cm-find input')

/** With what is selected, if that is within a line. */
const openSearch: Command = (view) => {
  const { from, to } = view.state.selection.main
  const selected = view.state.sliceDoc(from, to)
  const before = view.state.field(search).word ?? ''
  view.dispatch({ effects: setWord.of(selected === '' || selected.includes('\n') ? before : selected) })
  fieldOf(view)?.select()
  return true
}

/** `2 of 5`; without the number while none of them is selected. */
const countText = (state: EditorState): string => {
  const { word, matches } = state.field(search)
  if (word === null || word === '') return ''
  if (matches.length === 0) return 'not found'
  const { from, to } = state.selection.main
  const at = matches.findIndex((match) => match.from === from && match.to === to)
  return at === -1 ? `${matches.length} found` : `${at + 1} of ${matches.length}`
}

const button = (label: string, text: string, act: () => void): HTMLButtonElement => {
  const made = document.createElement('button')
  made.type = 'button'
  made.textContent = text
  if (label !== text) made.ariaLabel = label
  made.addEventListener('click', act)
  return made
}

const openField = (view: EditorView): Panel => {
  const dom = document.createElement('search')
  dom.className = 'cm-find'
  const input = document.createElement('input')
  input.type = 'text'
  input.ariaLabel = 'Find in the text'
  input.placeholder = 'Find'
  input.value = view.state.field(search).word ?? ''
  const count = document.createElement('span')
  count.role = 'status'
  const show = ({ state }: Pick<ViewUpdate, 'state'>): void => {
    count.textContent = countText(state)
  }
  show(view)
  input.addEventListener('input', () => {
    view.dispatch({ effects: setWord.of(input.value) })
    const { from } = view.state.selection.main
    goTo(view, matchFrom(view.state.field(search).matches, { from, to: from }, false))
  })
  dom.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close(view)
    else if (event.key === 'F3') step(event.shiftKey)(view)
    else if (event.key === 'Enter' && event.target === input) step(event.shiftKey)(view)
    else if (event.key === 'f' && (event.ctrlKey || event.metaKey)) input.select()
    else return
    event.preventDefault()
  })
  dom.append(
    input,
    count,
    button('Previous', 'Previous', () => step(true)(view)),
    button('Next', 'Next', () => step(false)(view)),
    button('Close the search', 'Close', () => close(view)),
  )
  const update = (change: ViewUpdate): void => {
    const word = change.state.field(search).word
    if (word !== null && word !== input.value) input.value = word
    show(change)
  }
  return { dom, top: true, mount: () => input.select(), update }
}

/** Ctrl+F finds in the text, F3 goes on, Escape closes. */
export const yamlSearch: Extension = [
  search,
  keymap.of([
    { key: 'Mod-f', run: openSearch, preventDefault: true },
    { key: 'F3', run: step(false), shift: step(true), preventDefault: true },
    { key: 'Mod-g', run: step(false), shift: step(true), preventDefault: true },
    { key: 'Escape', run: close },
  ]),
]
