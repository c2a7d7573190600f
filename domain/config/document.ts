import type { Place } from './problem.ts'
import type { ConfigValues } from './schema.ts'

/** One configuration document as it was written: checked by itself, its `extends` not yet followed. */
export type ConfigDocument = {
  /** File name, for errors and origins. */
  readonly source: string
  /** A shipped configuration (`default`, `dtn`, `research`) or a file beside this one. */
  readonly extends: string | null
  /** What it is for, in a sentence; shown where profiles are listed. */
  readonly description: string | null
  readonly values: ConfigValues
  /** Where each key (dotted path, also `extends`) has its value. */
  readonly places: ReadonlyMap<string, Place>
}
