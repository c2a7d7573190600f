import { MoleError } from '../../contract/errors.ts'

export const busy = (verb: string): MoleError =>
  new MoleError('conflict', `Another act is going on (${verb}).`, {
    field: 'act',
    meaning: 'Two at once would undo each other’s work. Nothing was changed.',
    nextStep: 'Wait for its end, or cancel it.',
  })

export const nothingUp = (): MoleError =>
  new MoleError('not-found', 'Nothing is deployed.', {
    field: 'deployment',
    meaning: 'There are no tunnels to use or change.',
    nextStep: 'Deploy first: "mole up".',
  })
