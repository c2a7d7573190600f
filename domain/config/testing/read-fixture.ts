import { readFileSync } from 'node:fs'

/** The two documents of the specification, byte for byte. */
export const SPECIFIED = ['default', 'dtn'] as const

/** A document as the specification writes it out. */
export const readSpecified = (name: (typeof SPECIFIED)[number]): string =>
  readFileSync(new URL(`./${name}.yaml`, import.meta.url), 'utf8')

/** A document as it is shipped. */
export const readShippedDocument = (name: string): string =>
  readFileSync(new URL(`../../../resources/config/${name}.yaml`, import.meta.url), 'utf8')
