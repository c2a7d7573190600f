import { MoleError } from '../../contract/errors.ts'

export const busy = (verb: string): MoleError =>
  new MoleError('conflict', `Another act is going on (${verb}).`, {
    field: 'act',
    meaning: 'Two at once would undo each other’s work. Nothing was changed.',
    nextStep: 'Wait for its end, or cancel it.',
  })

const listOf = (slots: readonly number[]): string =>
  slots.at(-1) === slots.length ? `a tunnel from 1 to ${slots.length}` : `one of ${slots.join(', ')}`

/** @param slots of the tunnels there are */
export const noSuchTunnel = (tunnel: number, slots: readonly number[]): MoleError =>
  new MoleError('bad-input', `There is no tunnel ${tunnel}: ${slots.length} ${slots.length === 1 ? 'is' : 'are'} up.`, {
    field: 'tunnel',
    meaning: 'Nothing was changed.',
    nextStep: `Choose ${listOf(slots)}.`,
  })

export const nothingUp = (): MoleError =>
  new MoleError('not-found', 'Nothing is deployed.', {
    field: 'deployment',
    meaning: 'There are no tunnels to use or change.',
    nextStep: 'Deploy first: "mole up".',
  })

export const unreachable = (): MoleError =>
  new MoleError('helper-unreachable', 'The helper that holds the tunnels does not answer.', {
    field: 'helper',
    meaning: 'Nothing was changed.',
    nextStep: 'Run "mole up" to repair the deployment.',
  })
