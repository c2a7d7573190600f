import { z } from 'zod'
import { badInput, MoleError } from './errors.ts'

/** `input` as the contract has it, defaults filled in. @throws MoleError `bad-input` */
export const parseInput = <T extends z.ZodType>(definition: T, input: unknown, what: string): z.output<T> => {
  try {
    return definition.parse(input)
  } catch (error) {
    if (error instanceof z.ZodError) throw badInput(error, what)
    // JSON may be nested deeper than any recursion goes.
    if (error instanceof RangeError) throw new MoleError('bad-input', `${what}: is nested too deeply.`)
    throw error
  }
}

const shown = (method: string): string => (method.length > 80 ? `${method.slice(0, 80)}…` : method)

export const unknownMethod = (kind: 'call' | 'stream', method: string): MoleError =>
  new MoleError('not-found', `There is no ${kind} named "${shown(method)}".`, {
    field: 'method',
    meaning: 'The two sides may be of different versions.',
    nextStep: 'Restart Cloud Mole so that both are the same version.',
  })

export const readOnly = (method: string): MoleError =>
  new MoleError('denied', `"${method}" changes something, and this connection may only read.`, {
    field: 'method',
    meaning: 'Nothing was changed.',
  })

export const tooMany = (what: 'calls' | 'streams', most: number): MoleError =>
  new MoleError('capacity', `More than ${most} ${what} at once on one connection.`, {
    field: what,
    meaning: 'This one was not started.',
    nextStep: 'Wait until others have ended and try again.',
  })
