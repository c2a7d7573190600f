import { MoleError } from '../../contract/errors.ts'
import type { TargetId } from '../../domain/tunnel-plan.ts'
import { installCommand, LAB_PROGRAMS, missingPrograms, REQUIRED_PROGRAMS } from './programs.ts'

/** @throws MoleError `missing-program` naming the first, and how to get them all, before anything is made. */
export const assertPrograms = async (target: TargetId, directories?: readonly string[]): Promise<void> => {
  const needed = target === 'lab' ? [...REQUIRED_PROGRAMS, ...LAB_PROGRAMS] : REQUIRED_PROGRAMS
  const missing = await missingPrograms(needed, directories)
  const [first] = missing
  if (first === undefined) return
  const names = missing.map(({ name }) => name).join(', ')
  throw new MoleError(
    'missing-program',
    `${missing.length === 1 ? 'A program is' : 'Programs are'} missing: ${names}.`,
    {
      field: first.name,
      meaning: `It ${first.use}. Nothing was made.`,
      nextStep: `Install ${missing.length === 1 ? 'it' : 'them'}: ${installCommand(missing.map((program) => program.package))}`,
    },
  )
}
