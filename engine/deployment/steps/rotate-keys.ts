import { MoleError } from '../../../contract/errors.ts'
import type { StepDefinition } from '../step.ts'

/** Replaces the keys of tunnels, one after the other. */
export const rotateKeys: StepDefinition = {
  limitMs: 300_000,
  run: () => Promise.reject(new MoleError('not-available', 'This is not built yet.', {})),
}
