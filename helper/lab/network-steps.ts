import { existsSync } from 'node:fs'
import { MoleError } from '../../contract/errors.ts'
import type { Program, Runner } from '../run.ts'
import { namespacePath, ROUTER } from './topology.ts'

/** One program that edits the lab's network, reading what to do on its stdin. */
export type Step = { readonly program: Program; readonly argv: readonly string[]; readonly input: string }

/** Runs one step; `what` names it in the error. @throws MoleError `not-available` with the program's own first line. */
export const must = async (runner: Runner, step: Step, what: string): Promise<void> => {
  const { code, stderr } = await runner.run(step.program, step.argv, { input: step.input })
  if (code === 0) return
  throw new MoleError('not-available', `The lab's ${what} could not be made: ${stderr.trim().split('\n')[0] ?? ''}`, {
    field: step.program,
    meaning: 'The kernel or the program refused it. What was made so far is taken away again.',
    nextStep: 'Run "mole doctor" to see what this machine lacks.',
  })
}

/** `ip` on the DTN. */
export const ipHere = (input: string): Step => ({ program: 'ip', argv: ['-batch', '-'], input })

export const ipIn = (namespace: string, input: string): Step => ({
  program: 'ip',
  argv: ['-n', namespace, '-batch', '-'],
  input,
})

export const tcIn = (namespace: string, input: string): Step => ({
  program: 'tc',
  argv: ['-n', namespace, '-batch', '-'],
  input,
})

/** `nft` has no option for a namespace of its own. */
export const nftIn = (runner: Runner, namespace: string, input: string): Step => ({
  program: 'nsenter',
  argv: [`--net=${namespacePath(namespace)}`, '--', runner.pathOf('nft'), '-f', '-'],
  input,
})

export const nftInRouter = (runner: Runner, input: string): Step => nftIn(runner, ROUTER, input)

/** A file below `/proc/sys/net/ipv4`, and what to write there. */
export type Setting = readonly [name: string, value: string]

/** Takes names and values in turn. Constant text. */
const SET_EACH = 'cd /proc/sys/net/ipv4; while [ $# -gt 0 ]; do echo "$2" >"$1"; shift 2; done'

export const settingsIn = (runner: Runner, namespace: string, settings: readonly Setting[]): Step => ({
  program: 'nsenter',
  argv: [`--net=${namespacePath(namespace)}`, '--', runner.pathOf('sh'), '-ec', SET_EACH, 'sh', ...settings.flat()],
  input: '',
})

/** Removes a namespace; one that is not there is fine. @throws MoleError `conflict` when it stays. */
export const removeNamespace = async (runner: Runner, name: string): Promise<void> => {
  if (!existsSync(namespacePath(name))) return
  await runner.run('ip', ['-force', '-batch', '-'], { input: `netns del ${name}\n` })
  if (!existsSync(namespacePath(name))) return
  throw new MoleError('conflict', `The lab's namespace ${name} could not be removed.`, {
    field: 'lab',
    nextStep: 'Run "mole down" again; it ends the lab as a whole.',
  })
}
