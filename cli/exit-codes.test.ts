import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../contract/errors.ts'
import { EXIT, EXIT_MEANINGS, exitCodeOf, exitCodeOfFailedAct, renderExitCodes } from './exit-codes.ts'

describe('exit codes', () => {
  it('are never 0 for an error, and always documented', () => {
    for (const code of ErrorCode.options) {
      expect(exitCodeOf(code)).not.toBe(EXIT.ok)
      expect(EXIT_MEANINGS[exitCodeOf(code)]).toBeTypeOf('string')
    }
  })

  it('are each given once', () => {
    expect(new Set(Object.values(EXIT)).size).toBe(Object.values(EXIT).length)
  })

  it('stand in docs/cli.md as they are', () => {
    const page = readFileSync(new URL('../docs/cli.md', import.meta.url), 'utf8')
    for (const [code, meaning] of Object.entries(EXIT_MEANINGS)) expect(page).toContain(`| ${code} | ${meaning} |`)
    expect(renderExitCodes().split('\n')).toHaveLength(Object.keys(EXIT_MEANINGS).length)
  })

  it('of each error stand there too', () => {
    const page = readFileSync(new URL('../docs/cli.md', import.meta.url), 'utf8')
    for (const code of ErrorCode.options)
      expect(page).toMatch(new RegExp(`^\\|.*\`${code}\`.* \\| ${exitCodeOf(code)} \\|$`, 'm'))
  })

  it('of a failed deployment tell the reason where a script can act on it', () => {
    expect(exitCodeOfFailedAct('missing-program')).toBe(EXIT.notAvailable)
    expect(exitCodeOfFailedAct('timeout')).toBe(EXIT.failed)
    expect(exitCodeOfFailedAct('internal')).toBe(EXIT.failed)
  })
})
