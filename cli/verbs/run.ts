import { MoleError } from '../../contract/errors.ts'
import { engineOfDeployment } from '../engine-of-deployment.ts'
import type { ExitCode } from '../exit-codes.ts'
import { labShell } from '../lab-shell.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import { observeWhatIsUp } from '../what-is-up.ts'
import type { Engine, World } from '../world.ts'

const EXAMPLES = [
  'mole run -- rsync -a results/ 10.200.0.10:/data/',
  'mole run -- iperf3 --client 10.200.0.10',
  'mole run -- curl --upload-file genome.tar http://10.200.0.10/',
]

const nothingUp = (): MoleError =>
  new MoleError('conflict', 'Nothing is up.', {
    field: 'deployment',
    meaning: 'There are no tunnels for the command to use; it was not run.',
    nextStep: 'Make some first: mole up',
  })

const switchedOff = (): MoleError =>
  new MoleError('conflict', 'Multipath TCP is off in what is up.', {
    field: 'mptcp.enable',
    meaning: 'The command would use one tunnel, as any other; it was not run.',
    nextStep:
      'Switch it on, with "mptcp: { enable: true }" in your configuration or profile, or for once: MOLE_MPTCP_ENABLE=true mole up',
  })

const notInstalled = (): MoleError =>
  new MoleError('missing-program', 'The program "mptcpize" is not installed.', {
    field: 'mptcpize',
    meaning: 'It is what has programs use Multipath TCP that do not know of it; the command was not run.',
    nextStep:
      'Install the package "mptcpize" (Debian, Ubuntu) or "mptcpd" (Fedora), or let the relay carry ordinary connections: mptcp.relay.',
  })

/** @throws MoleError `conflict`, `missing-program`. */
const readiness = async (
  engine: Engine,
  world: World,
): Promise<{ readonly program: string; readonly isLab: boolean }> => {
  const up = await observeWhatIsUp(engine)
  if (up === null) throw nothingUp()
  if (up.plan.carriage.mptcp === null) throw switchedOff()
  const program = await world.findProgram('mptcpize')
  if (program === null) throw notInstalled()
  return { program, isLab: up.plan.target === 'lab' }
}

/** Go's own programs ignore preloaded libraries, and heed this (Go 1.21 and later, package `net`). */
const withGo = (before: string | undefined): string =>
  [...(before === undefined || before === '' ? [] : [before]), 'multipathtcp=1'].join(',')

/** `mole run`: a command whose TCP connections use all tunnels. */
export const addRun: AddVerb = (program, toolbox) => {
  const { world } = toolbox
  const command = program
    .command('run')
    .summary('run a command with Multipath TCP')
    .description(
      "Runs a command so that each of its TCP connections is Multipath TCP and uses all tunnels, as far as the far end speaks it, too (mptcpize(8)). It runs as you, with this terminal, in the lab's network while the lab is what is up, and ends with the command's exit code. Programs that are statically linked are not changed by it.",
    )
    .argument('<command...>', 'what to run, after --')
  finishVerb(command, toolbox, EXAMPLES, async (_report, _options, operands) => {
    const engine = await engineOfDeployment(world)
    try {
      const { program: mptcpize, isLab } = await readiness(engine, world)
      // mptcpize says nothing of a command that is not there; env(1) does, and ends with 127.
      const argv = ['run', 'env', '--', ...operands]
      const env = { GODEBUG: withGo(world.goDebug) }
      if (!isLab) return (await world.runHere(mptcpize, argv, env)) as ExitCode
      const { pid } = await engine.call('lab.world', {})
      const inside = labShell(pid, [mptcpize, ...argv], '/bin/sh')
      return (await world.runHere(inside.program, inside.argv, env)) as ExitCode
    } finally {
      engine.close()
    }
  })
}
