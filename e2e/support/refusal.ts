import { expect } from '@playwright/test'
import type { Outcome } from './mole.ts'

type Problem = { readonly code: string; readonly message: string; readonly data: Record<string, string> }

/** Numbers of docs/cli.md. */
export const EXIT = { badInput: 2, notAvailable: 3, conflict: 4, unreachable: 5, failed: 6, denied: 7 } as const

/** Checks that a refusal has everything a person needs, and gives it. */
export const refusalOf = (outcome: Outcome, exit: number): Problem => {
  expect(outcome.code, outcome.stderr).toBe(exit)
  expect(outcome.json).toMatchObject({ version: 1, ok: false })
  const { error } = outcome.json as unknown as { error: Problem }
  expectWhole(error)
  // The person at the terminal is told the same.
  for (const text of [error.message, error.data.meaning, error.data.nextStep]) expect(outcome.stderr).toContain(text)
  return error
}

/** One sentence of what happened, the part concerned, what it means, what to do next; and no stack, no "undefined". */
export const expectWhole = ({ code, message, data }: Problem): void => {
  expect(code).not.toBe('internal')
  for (const text of [message, data.field, data.meaning, data.nextStep]) {
    expect(text?.trim().length ?? 0, JSON.stringify({ message, data })).toBeGreaterThan(1)
    expect(text).not.toMatch(/undefined|NaN|\[object|\n\s+at |Error:/)
  }
}

export type View = {
  readonly phase: string
  readonly problem: Problem | null
  readonly tunnels: readonly { readonly health: string }[]
}

export const viewOf = ({ json }: Outcome): View => (json as unknown as { deployment: View }).deployment
