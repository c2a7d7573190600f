import { plainDecimal } from './plain-decimal.ts'

/** Needs no quotes, in a list neither, in any version of YAML … */
const PLAIN = /^[A-Za-z](?:[\w ./-]*[\w./-])?$/
/** … unless it reads as something else (YAML 1.1 has more of these than 1.2). */
const AMBIGUOUS = /^(true|false|null|yes|no|on|off|y|n)$/i

const renderText = (text: string): string => (PLAIN.test(text) && !AMBIGUOUS.test(text) ? text : JSON.stringify(text))

/**
 * A value as it is written behind `key: `, in one line: `1420`, `null`, `"30s"`, `[1, 2]`. What is read from it is the
 * same value.
 */
export const renderValue = (value: unknown): string => {
  if (typeof value === 'string') return renderText(value)
  if (typeof value === 'number') return plainDecimal(value)
  return Array.isArray(value) ? `[${value.map(renderValue).join(', ')}]` : JSON.stringify(value)
}
