import type { Fact, Source } from '../../../domain/probe/figure.ts'
import type { System } from '../../system.ts'
import type { Tool } from '../source.ts'
import { measured } from '../source.ts'

/** What facts are read from. */
export type Files = Pick<System, 'read' | 'list' | 'link'>

export const found = <Value>(value: Value, from: Source): Fact<Value> => ({ value, from, lacks: null })

/** A fact that was looked for in vain. */
export const lacking = <Value>(why: string, from: Source): Fact<Value> => ({ value: null, from, lacks: why })

/** The value, or why there is none. */
export const foundOr = <Value>(value: Value | null, why: string, from: Source): Fact<Value> =>
  value === null ? lacking(why, from) : found(value, from)

/** Reads files of `/proc` and `/sys`, each of which the kernel answers for. */
export const kernelFiles = (files: Files) => {
  const tool: Tool = { tool: 'Linux', version: files.read('/proc/sys/kernel/osrelease')?.trim() ?? null }
  return {
    files,
    /** The kernel, as what tells a fact. */
    from: (how: string): Source => measured(how, tool),
    /** Text of a file; `null` when there is none, or it is empty. */
    text: (path: string): string | null => {
      const text = files.read(path)?.trim() ?? ''
      return text === '' ? null : text
    },
    /** A whole number of a file; `null` where it holds none. */
    number: (path: string): number | null => {
      const text = files.read(path)?.trim() ?? ''
      return /^-?[0-9]+$/.test(text) ? Number(text) : null
    },
  }
}

export type KernelFiles = ReturnType<typeof kernelFiles>
