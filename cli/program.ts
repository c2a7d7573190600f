import { Command } from 'commander'
import { renderExitCodes } from './exit-codes.ts'
import type { AddVerb, Toolbox } from './verb.ts'
import { addDoctor } from './verbs/doctor.ts'
import { addDown } from './verbs/down.ts'
import { addExportWgQuick } from './verbs/export-wg-quick.ts'
import { addLabBreak, addLabHeal } from './verbs/lab-path.ts'
import { addLabShell } from './verbs/lab-shell.ts'
import { addLabTraffic } from './verbs/lab-traffic.ts'
import { addMonitor } from './verbs/monitor.ts'
import { addPanel } from './verbs/panel.ts'
import { addScale } from './verbs/scale.ts'
import { addServe } from './verbs/serve.ts'
import { addStatus } from './verbs/status.ts'
import { addUp } from './verbs/up.ts'

const VERBS: readonly AddVerb[] = [addUp, addStatus, addMonitor, addScale, addDown, addServe, addPanel, addDoctor]
const LAB_VERBS: readonly AddVerb[] = [addLabTraffic, addLabShell, addLabBreak, addLabHeal]

const EXPORT_VERBS: readonly AddVerb[] = [addExportWgQuick]

const EPILOGUE = `
First minute, without an account and without root:
  mole up --target lab --tunnels 4     make four tunnels in namespaces on this machine
  mole lab traffic                     send traffic through them
  mole panel --open                    watch it
  mole down                            take everything away

Exit codes:
${renderExitCodes()}`

/** Nothing is printed or ended by commander itself: main.ts shows every error in one way. */
const silence = (command: Command): void => {
  command.exitOverride()
  for (const child of command.commands) silence(child)
}

/** The whole command line. Composition only. */
export const buildProgram = (toolbox: Toolbox, version: string): Command => {
  const { world } = toolbox
  const program = new Command('mole')
    .description(
      'Builds, watches and scales bundles of WireGuard tunnels between this machine and private subnets in the cloud.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .addHelpText('after', EPILOGUE)
    .configureOutput({ writeOut: world.stdout, writeErr: () => {}, getOutHasColors: () => false })
    .showSuggestionAfterError()
  for (const add of VERBS) add(program, toolbox)
  const lab = program
    .command('lab')
    .summary('work in the local lab: traffic, a shell, broken paths')
    .description(
      'The local lab: bastions and a private subnet as namespaces on this machine, with real WireGuard tunnels.',
    )
  for (const add of LAB_VERBS) add(lab, toolbox)
  const exports = program
    .command('export')
    .summary('write what is up in the words of other tools')
    .description('Writes what is up in the words of other tools.')
  for (const add of EXPORT_VERBS) add(exports, toolbox)
  // A group without a verb shows its help, which commander takes for an error.
  for (const group of [lab, exports]) group.configureOutput({ outputError: () => {}, writeErr: world.stdout })
  silence(program)
  return program
}
