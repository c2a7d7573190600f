import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** Everything by our own tokens, so that it follows the scheme by itself. */
const look = EditorView.theme({
  '&': { height: '100%', background: 'var(--surface)', color: 'var(--ink)', fontSize: '0.8125rem' },
  // The frame around it shows the focus.
  '&.cm-focused': { outline: 'none' },
  '.cm-content:focus-visible': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', fontVariantLigatures: 'none', lineHeight: '1.6' },
  '.cm-content': { padding: '10px 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 14px 0 8px' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '.cm-gutters': { border: '0', background: 'var(--surface-2)', color: 'var(--ink-faint)' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '34px', padding: '0 8px 0 6px' },
  '.cm-activeLine': { background: 'color-mix(in srgb, var(--ink) 4%, transparent)' },
  '.cm-activeLineGutter': { background: 'var(--sunken)', color: 'var(--ink)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--accent) 26%, transparent)',
  },
  '.cm-matchingBracket': { background: 'var(--accent-wash)', outline: '1px solid var(--line-strong)' },
  '.cm-tooltip': {
    overflow: 'hidden',
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius-small)',
    background: 'var(--surface)',
    boxShadow: 'var(--shadow)',
    color: 'var(--ink)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { maxHeight: '15em', fontFamily: 'var(--font-mono)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px', lineHeight: '1.5' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--accent)',
    color: 'var(--on-accent)',
  },
  'li[aria-selected] .cm-completionDetail': { color: 'inherit' },
  '.cm-completionDetail': { color: 'var(--ink-faint)', fontStyle: 'normal' },
  '.cm-completionMatchedText': { fontWeight: '700', textDecoration: 'none' },
  '.cm-tooltip.cm-completionInfo': {
    width: '320px',
    padding: '8px 12px',
    fontFamily: 'var(--mantine-font-family)',
    lineHeight: '1.5',
    whiteSpace: 'normal',
  },
  '.cm-diagnostic': {
    padding: '7px 12px',
    borderLeft: '3px solid var(--bad)',
    fontFamily: 'var(--mantine-font-family)',
    whiteSpace: 'pre-line',
  },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad) 1.5px',
    textDecorationSkipInk: 'none',
    textUnderlineOffset: '3px',
  },
  '.cm-lintPoint-error:after': { borderBottomColor: 'var(--bad)' },
  '.cm-lint-marker-error': {
    width: '9px',
    height: '9px',
    margin: '6px 2px 0',
    borderRadius: '1px',
    background: 'var(--bad)',
    content: 'none',
    transform: 'rotate(45deg)',
  },
  '.cm-gutter-lint': { width: '15px' },
  '.cm-found': { borderRadius: '2px', background: 'var(--warn-wash)', boxShadow: '0 0 0 1px var(--line-strong)' },
  '.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-find': { display: 'flex', alignItems: 'center', gap: '8px', padding: '6px 8px' },
  '.cm-find input': {
    flex: '0 1 220px',
    minWidth: '80px',
    padding: '4px 8px',
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius-small)',
    background: 'var(--surface)',
    color: 'var(--ink)',
    font: 'inherit',
  },
  '.cm-find input:focus': { borderColor: 'var(--accent)', outline: '1px solid var(--accent)', outlineOffset: '0' },
  '.cm-find input::placeholder': { color: 'var(--ink-faint)', opacity: '1' },
  '.cm-find span': { marginRight: 'auto', color: 'var(--ink-soft)', fontVariantNumeric: 'tabular-nums' },
  '.cm-find button': {
    padding: '4px 8px',
    border: '0',
    borderRadius: 'var(--radius-small)',
    background: 'none',
    color: 'var(--ink)',
    font: 'inherit',
    fontWeight: '560',
    cursor: 'pointer',
  },
  '.cm-find button:hover': { background: 'var(--sunken)' },
  '.cm-panels': { borderColor: 'var(--line)', background: 'var(--surface-2)', color: 'var(--ink)' },
})

const colours = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--ink-faint)', fontStyle: 'italic' },
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: 'var(--accent-ink)', fontWeight: '560' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--ink)' },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: 'var(--ink-soft)' },
  { tag: [tags.meta, tags.keyword, tags.labelName, tags.typeName], color: 'var(--warn)' },
])

export const yamlTheme = [look, syntaxHighlighting(colours)]
