import { Command } from 'commander'
import { renderExitCodes } from './exit-codes.ts'
import { FIRST_MINUTE } from './first-minute.ts'
import type { AddVerb, Toolbox } from './verb.ts'
import { addAutoscale, addConfig, addExport, addHelper, addLab, addProbes, addProfiles } from './verb-groups.ts'
import { addCompletion } from './verbs/completion.ts'
import { addConnect } from './verbs/connect.ts'
import { addCreateProfile } from './verbs/create-profile.ts'
import { addDoctor } from './verbs/doctor.ts'
import { addDisconnect, addDown } from './verbs/down.ts'
import { addFlows } from './verbs/flows.ts'
import { addInit } from './verbs/init.ts'
import { addMan } from './verbs/man.ts'
import { addMonitor } from './verbs/monitor.ts'
import { addMultiUp } from './verbs/multi-up.ts'
import { addOptimize } from './verbs/optimize.ts'
import { addPanel } from './verbs/panel.ts'
import { addPlan } from './verbs/plan.ts'
import { addProbe } from './verbs/probe.ts'
import { addRotate } from './verbs/rotate.ts'
import { addRun } from './verbs/run.ts'
import { addScale } from './verbs/scale.ts'
import { addServe } from './verbs/serve.ts'
import { addStatus } from './verbs/status.ts'
import { addUp } from './verbs/up.ts'

/** Every verb, under the heading it has in `mole --help`. */
const VERBS: Readonly<Record<string, readonly AddVerb[]>> = {
  'Tunnels:': [addUp, addMultiUp, addScale, addAutoscale, addRotate, addOptimize, addDown],
  'Before it is built:': [addProbe, addProbes, addPlan],
  'With a saved profile:': [addCreateProfile, addConnect, addDisconnect, addProfiles],
  'See how it does:': [addStatus, addMonitor, addFlows, addPanel, addServe],
  'More:': [addRun, addInit, addConfig, addLab, addExport, addHelper, addDoctor, addCompletion, addMan],
}

const EPILOGUE = `
${FIRST_MINUTE}

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
    // "mole probe" does something by itself, and has a verb below it with options of the same names.
    .enablePositionalOptions()
    .addHelpText('after', EPILOGUE)
    .configureOutput({ writeOut: world.stdout, writeErr: () => {}, getOutHasColors: () => false })
    .showSuggestionAfterError()
  for (const [heading, verbs] of Object.entries(VERBS)) {
    program.commandsGroup(heading)
    for (const add of verbs) add(program, toolbox)
  }
  program.commandsGroup('More:').helpCommand('help [verb]', 'show help, of a verb too')
  silence(program)
  return program
}
