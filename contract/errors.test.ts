import { describe, expect, it } from 'vitest'
import { ErrorData, MoleError } from './errors.ts'
import { parseProblem, renderProblem } from './wire-error.ts'

describe('an error that crosses a boundary', () => {
  it('is told there, however long the names in it are', () => {
    const path = `/${'a-long-directory/'.repeat(200)}mole.sqlite`
    const error = new MoleError('not-available', 'The database cannot be used.', {
      field: path,
      meaning: `${path} is full.`,
      nextStep: 'Make room and try again.',
    })
    expect(ErrorData.safeParse(error.data).success).toBe(true)
    const told = parseProblem(renderProblem(error))
    expect(told.data.nextStep).toBe('Make room and try again.')
    expect(told.data.field).toMatch(/^\/a-long-directory.*…$/)
    expect(told.data).toEqual(error.data)
  })

  it('is told as it is where it fits', () => {
    const data = { field: 'tunnels', meaning: 'Nothing was changed.' }
    expect(new MoleError('bad-input', 'x', data).data).toEqual(data)
    expect(new MoleError('internal', 'x').data).toEqual({})
  })
})
