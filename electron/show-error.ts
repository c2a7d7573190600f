import { MoleError } from '../contract/errors.ts'

/** An error as the two texts of a dialog: what happened, then what it means and what to do. */
export const errorTexts = (error: unknown): { readonly title: string; readonly content: string } => {
  if (!(error instanceof MoleError))
    return { title: 'Something happened that Cloud Mole did not foresee.', content: String(error) }
  const { meaning, nextStep } = error.data
  return { title: error.message, content: [meaning, nextStep].filter((text) => text !== undefined).join('\n\n') }
}
