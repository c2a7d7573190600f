import type { DoctorCheck } from '../contract/app.ts'
import { type Colours, colours } from './colours.ts'
import { plainText } from './plain-text.ts'

const mark = (state: DoctorCheck['state'], { red, green, yellow }: Colours): string =>
  ({ ok: green('✓'), missing: red('✗'), warning: yellow('!') })[state]

/** A line for each thing that was looked at, and below what is missing how to get it. */
export const renderChecks = (checks: readonly DoctorCheck[], hasColour: boolean): string =>
  checks
    .map((check) => {
      const remedy = check.remedy === null ? '' : `\n    To get it: ${plainText(check.remedy)}`
      return `${mark(check.state, colours(hasColour))} ${plainText(`${check.title}: ${check.detail}`)}${remedy}`
    })
    .join('\n')

/** `Nothing is missing.`, or how many things are. */
export const renderVerdict = (missing: number): string =>
  missing === 0 ? 'Nothing is missing.' : `${missing} ${missing === 1 ? 'thing is' : 'things are'} missing.`
