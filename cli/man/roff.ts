/*
 * Text as roff, by the man macros alone, so that groff, mandoc and any other formatter shows it.
 * man-pages(7), groff_man(7), groff_char(7).
 */

/** ASCII that a formatter would make something nicer of: these are to be copied into a shell. */
const NAMED: Readonly<Record<string, string>> = {
  '\\': '\\(rs',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
}

const codeOf = (character: string): string =>
  (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')

/** Text in which nothing is a request or an escape, and of which every character is shown as it is. */
export const escapeRoff = (text: string): string =>
  text
    .replace(/[\\\-'`^~]/g, (character) => NAMED[character] as string)
    .replace(/[^\n\x20-\x7e]/gu, (character) => `\\[u${codeOf(character)}]`)
    .replace(/^\./gm, '\\&.')

/** An argument of a macro: quoted, so that it may hold spaces. */
const argument = (text: string): string => `"${escapeRoff(text).replaceAll('"', '\\(dq')}"`

export const bold = (text: string): string => `\\fB${escapeRoff(text)}\\fR`
export const italic = (text: string): string => `\\fI${escapeRoff(text)}\\fR`

/** The page's head. There is no date in it, so that one version makes one page. */
export const title = (name: string, section: number, version: string, about: string): string =>
  `.TH ${argument(name)} ${section} "" ${argument(version)} ${argument(about)}`

export const section = (name: string): string => `.SH ${argument(name)}`
export const subsection = (name: string): string => `.SS ${argument(name)}`

/** Paragraphs, of the lines of a text; they follow a heading. */
export const paragraphs = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map(escapeRoff)
    .join('\n.PP\n')

/** A term and what is said of it. `term` is roff already. */
export const tagged = (term: string, text: string): string => `.TP\n${term}\n${escapeRoff(text)}`

/** Lines shown as they are. */
export const verbatim = (lines: readonly string[]): string =>
  `.PP\n.RS 4\n.nf\n${lines.map((line) => escapeRoff(line)).join('\n')}\n.fi\n.RE`
