import type { Problem } from '../../contract/app.ts'
import type { CloudProvider } from '../cloud/provider.ts'
import type { Log } from '../log.ts'
import { problemOf } from '../problem.ts'
import type { DeploymentRecord } from '../store/deployment-table.ts'
import type { Store } from '../store/store.ts'
import { closeInterruptedAct, interruptedProblem } from './interrupted.ts'
import { type Observation, observeDeployment } from './observe.ts'
import { isComplete } from './reconcile.ts'
import type { StepHost } from './step.ts'
import { NO_STANDING, type Standing } from './view.ts'

const residueProblem = (residue: readonly string[]): Problem => ({
  code: 'drift',
  message: `Something of an earlier run is still there: ${residue.slice(0, 5).join(', ')}.`,
  data: {
    field: 'deployment',
    meaning: 'No deployment is recorded that it belongs to.',
    nextStep: 'Run "mole down" to remove it.',
  },
})

const goneProblem: Problem = {
  code: 'not-found',
  message: 'Nothing of the deployment is there any more.',
  data: {
    field: 'deployment',
    meaning: 'The lab was ended by somebody else, or this machine was restarted.',
    nextStep: 'Run "mole up" to build it again, or "mole down" to forget it.',
  },
}

/** The same where the far end is not on this machine. */
const hereGoneProblem: Problem = {
  code: 'not-found',
  message: 'The tunnels of this host are gone.',
  data: {
    field: 'deployment',
    meaning: 'This machine was restarted, or its helper was removed. The bastions may live on, and cost money.',
    nextStep: 'Run "mole up" to connect again, or "mole down" to take the bastions away.',
  },
}

export const incompleteProblem: Problem = {
  code: 'drift',
  message: 'The deployment is not as it was left: parts of it are missing.',
  data: {
    field: 'deployment',
    meaning: 'Traffic may not pass.',
    nextStep: 'Run "mole up" to repair it, or "mole down" to remove it.',
  },
}

/** Why nothing carries the deployment any more. */
export const goneProblemOf = ({ id }: CloudProvider): Problem => (id === 'lab' ? goneProblem : hereGoneProblem)

/** Why the deployment, seen incomplete, is so; `null` when only its helper is missing. */
const judgeIncomplete = async (
  provider: CloudProvider,
  record: DeploymentRecord,
  { observed }: Observation,
  interrupted: Problem | null,
): Promise<Problem | null> => {
  if (record.desired === 'nothing') return interrupted ?? interruptedProblem('teardown', null)
  if (interrupted !== null) return interrupted
  if (record.connectedAtMs === null) return interruptedProblem('deploy', null)
  if (observed.helper === 'answers') return incompleteProblem
  return (await provider.host.lives()) ? null : goneProblemOf(provider)
}

const standingOf = async (
  provider: CloudProvider,
  host: StepHost,
  record: DeploymentRecord | null,
  interrupted: Problem | null,
): Promise<Pick<Standing, 'problem' | 'detached' | 'cloud'>> => {
  const observation = await observeDeployment(provider, host, record)
  const { cloud, residue, observed } = observation
  if (record === null) return { problem: residue.length > 0 ? residueProblem(residue) : null, detached: false, cloud }
  if (record.desired === 'up' && isComplete(observed)) return { problem: null, detached: false, cloud }
  const problem = await judgeIncomplete(provider, record, observation, interrupted)
  return { problem, detached: problem === null, cloud }
}

/** What an engine finds when it starts: the record, the last act, and the world as it really is. Changes nothing but the journal. */
export const resume = async (
  store: Store,
  provider: (record: DeploymentRecord | null) => Promise<{ provider: CloudProvider; host: StepHost }>,
  atMs: number,
  log: Log,
): Promise<Standing> => {
  const { last, interrupted } = closeInterruptedAct(store, atMs)
  const during = last?.act.steps.find((step) => step.problem?.code === 'interrupted')?.title ?? null
  const problem = interrupted && last !== null ? interruptedProblem(last.act.verb, during) : null
  const standing: Standing = { ...NO_STANDING, act: last?.act ?? null }
  let record: DeploymentRecord | null = null
  try {
    record = store.deployment()
    const { provider: cloud, host } = await provider(record)
    return { ...standing, record, ...(await standingOf(cloud, host, record, problem)) }
  } catch (error) {
    const why = problemOf(error, log)
    // A cloud that cannot be asked says nothing against tunnels that are up.
    const isUp = record?.desired === 'up' && record.connectedAtMs !== null && problem === null
    return isUp ? { ...standing, record, cloudProblem: why } : { ...standing, record, problem: problem ?? why }
  }
}
