import { readFileSync } from 'node:fs'
import type { Figure, Source } from '../../domain/probe/figure.ts'

/** From source this is `helper/probe/`, built `dist/helper/`: both lie two below the package. */
const packageFile = new URL('../../package.json', import.meta.url)
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }

/** What found a number, where it was not this program itself. */
export type Tool = { readonly tool: string; readonly version: string | null }

const OURSELVES: Tool = { tool: 'mole probe', version }

/** Measured or read here and now. */
export const measured = (how: string, by: Tool = OURSELVES): Source => ({
  kind: 'measured',
  how,
  ...by,
  atMs: Date.now(),
})

export const figure = <Value>(value: Value, from: Source): Figure<Value> => ({ value, from })
