import { notInThisVersion } from '../../not-in-this-version.ts'
import { type AddVerb, finishVerb } from '../../verb.ts'

/** `mole optimize`: of the specification; not in this version. */
export const addOptimize: AddVerb = (program, toolbox) => {
  const command = program
    .command('optimize')
    .summary('apply what a probe recommends')
    .description(
      'Not part of this version: there is no probe yet whose recommendations could be applied. Nothing is changed.\nWhat works now: "mole scale --tunnels N" while the tunnels carry traffic.',
    )
  finishVerb(command, toolbox, ['mole optimize'], async () => {
    throw notInThisVersion('"mole optimize"', {
      field: 'optimize',
      meaning: 'It would tune this host and the tunnels by what a probe measured. Nothing was changed.',
      nextStep: 'Change the number of tunnels yourself: mole scale --tunnels N',
    })
  })
}
