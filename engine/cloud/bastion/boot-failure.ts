import { MoleError } from '../../../contract/errors.ts'

const CODE = 'not-available'
const FIELD = 'bastion'

/** A bastion gave up while it booted: nothing but another one helps. `text`: its console. */
export const bootFailure = (id: string, text: string, nextStep: string): MoleError =>
  new MoleError(CODE, `The bastion ${id} did not boot.`, {
    field: FIELD,
    meaning: `Its console ends with: ${text.trim().split(/\r?\n/).slice(-3).join(' · ').slice(0, 1000) || 'nothing'}`,
    nextStep,
  })

/** Whether `error` says that a bastion gave up, and not that somebody could not be asked. */
export const isBootFailure = (error: unknown): boolean =>
  error instanceof MoleError && error.code === CODE && error.data.field === FIELD
