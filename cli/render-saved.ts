import { MoleError } from '../contract/errors.ts'
import { deployableOf, type LoadedConfig } from '../engine/config/load.ts'

const reasonAgainst = (loaded: LoadedConfig): string | null => {
  try {
    return deployableOf(loaded).target === 'lab' ? null : 'Its target aws is not part of this version.'
  } catch (error) {
    if (error instanceof MoleError) return error.message
    throw error
  }
}

/** What is said of a profile that was saved: how to connect, or why this version cannot. */
export const renderSaved = (name: string, loaded: LoadedConfig): string => {
  const reason = reasonAgainst(loaded)
  return reason === null
    ? `Saved as ${name}. To connect: mole connect ${name}`
    : `Saved as ${name}, which cannot be connected yet. ${reason}`
}
