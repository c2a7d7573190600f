import { MoleError } from '../../contract/errors.ts'
import { planHostState } from '../../domain/tunnel-plan.ts'
import type { CloudProvider, HelperClient, ObservedBastion } from '../cloud/provider.ts'
import type { DeploymentRecord } from '../store/deployment-table.ts'
import { bastionId, NO_DEPLOYMENT } from './identity.ts'
import type { Observed } from './reconcile.ts'
import type { StepHost } from './step.ts'

export type Observation = {
  readonly observed: Observed
  readonly bastions: readonly ObservedBastion[]
  /** What is there of ours although nothing is recorded. */
  readonly residue: readonly string[]
}

/** A helper that has not answered by then is treated as absent, so that a hung one cannot hang a teardown. */
const ANSWER_LIMIT_MS = 5000

const tolerant = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof MoleError || (error as Error).name === 'TimeoutError') return otherwise
    throw error
  }
}

const answering = async (host: StepHost): Promise<HelperClient | null> => {
  const helper = await tolerant(() => host.find(), null)
  if (helper === null) return null
  const answer = await tolerant(
    () => helper.call('hello', {}, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) }).then(() => helper),
    null,
  )
  // One that hangs keeps its connection: whoever wants a helper next must make a new one.
  if (answer === null) host.release()
  return answer
}

const observeHostMatches = async (helper: HelperClient, record: DeploymentRecord): Promise<boolean> => {
  if (record.ends === null) return false
  const state = planHostState(record.plan, record.id, record.ends)
  const { operations } = await helper.call('plan', { state }, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) })
  return operations.length === 0
}

/** Looks at what is really there: of the deployment recorded, or of none. Changes nothing. */
export const observeDeployment = async (
  provider: CloudProvider,
  host: StepHost,
  record: DeploymentRecord | null,
): Promise<Observation> => {
  const helper = await answering(host)
  if (record === null) {
    const residue = await provider.leftovers(NO_DEPLOYMENT)
    return {
      observed: { ...NOTHING_THERE, helper: helper === null ? 'absent' : 'answers', residue: residue.length > 0 },
      bastions: [],
      residue,
    }
  }
  const bastions =
    helper === null ? await tolerant(() => provider.observe(record.id), []) : await provider.observe(record.id)
  const bastion = bastions.find(({ id }) => id === bastionId(record.id))
  const hostMatches = helper !== null && (await tolerant(() => observeHostMatches(helper, record), false))
  return {
    observed: {
      helper: helper === null ? 'absent' : 'answers',
      bastion: bastion?.state ?? 'absent',
      endsKnown: record.ends !== null,
      hostMatches,
      residue: false,
    },
    bastions,
    residue: [],
  }
}

const NOTHING_THERE: Observed = {
  helper: 'absent',
  bastion: 'absent',
  endsKnown: false,
  hostMatches: false,
  residue: false,
}
