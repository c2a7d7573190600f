import { existsSync } from 'node:fs'
import { engineOfDeployment } from '../engine-of-deployment.ts'
import type { ExitCode } from '../exit-codes.ts'
import { labShell } from '../lab-shell.ts'
import { type AddVerb, finishVerb } from '../verb.ts'

const EXAMPLES = [
  'mole lab shell',
  'mole lab shell -- ip route get 10.200.0.10',
  'mole lab shell -- curl http://10.200.0.10/',
]

/** `mole lab shell`: a shell on the lab's DTN. */
export const addLabShell: AddVerb = (lab, toolbox) => {
  const { world } = toolbox
  const command = lab
    .command('shell')
    .summary("open a shell on the lab's DTN")
    .description(
      "Opens a shell in the lab's namespaces: it sees the tunnels, routes and processes of the lab's DTN, and is root there and only there. With a command after --, runs that instead and ends with its exit code.",
    )
    .argument('[command...]', 'run this instead of a shell')
  finishVerb(command, toolbox, EXAMPLES, async (report, _options, operands) => {
    const engine = await engineOfDeployment(world)
    const { pid } = await engine.call('lab.world', {})
    engine.close()
    const { program, argv, env } = labShell(pid, operands, existsSync('/bin/bash') ? '/bin/bash' : '/bin/sh')
    if (operands.length === 0) report.note('You are on the lab’s DTN. "exit" takes you back.')
    // The command's own code, whatever it is: the table is for ours.
    return (await world.runHere(program, argv, env)) as ExitCode
  })
}
