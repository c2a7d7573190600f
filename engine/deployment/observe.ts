import { MoleError } from '../../contract/errors.ts'
import type { CloudObservation, CloudProvider, HelperClient, ObservedBastion } from '../cloud/provider.ts'
import { isUnsettled } from '../rotation/due.ts'
import { type DeploymentRecord, endsOf } from '../store/deployment-table.ts'
import { endsKnown, neededBastions } from './bastion-record.ts'
import { observeLeftovers } from './observe-leftovers.ts'
import { plannedHost } from './planned-host.ts'
import type { Observed } from './reconcile.ts'
import type { StepHost } from './step.ts'

export type Observation = {
  readonly observed: Observed
  readonly cloud: CloudObservation
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

type Matching = Pick<Observed, 'hostMatches' | 'onlyTuningDiffers'>

const NO_MATCH: Matching = { hostMatches: false, onlyTuningDiffers: false }

const observeMatching = async (helper: HelperClient, record: DeploymentRecord): Promise<Matching> => {
  if (endsOf(record).length === 0) return NO_MATCH
  const state = plannedHost(record)
  const { operations } = await helper.call('plan', { state }, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) })
  const hostMatches = operations.length === 0
  return { hostMatches, onlyTuningDiffers: !hostMatches && operations.every(({ kind }) => kind === 'tune') }
}

/** Of several bastions the one that is furthest from running counts. */
const WORST_FIRST = ['absent', 'failed', 'booting', 'running'] as const

const judgeBastions = (
  record: DeploymentRecord,
  bastions: readonly ObservedBastion[],
): Pick<Observed, 'bastion' | 'surplus' | 'endsKnown'> => {
  const needed = neededBastions(record.plan)
  const states = needed.map((index) => bastions.find((each) => each.index === index)?.state ?? 'absent')
  return {
    bastion: WORST_FIRST.find((state) => states.includes(state)) ?? 'absent',
    surplus: [...bastions, ...record.bastions].some(({ index }) => !needed.includes(index)),
    endsKnown: endsKnown(record, bastions),
  }
}

export const NOTHING_SEEN: CloudObservation = { bastions: [], resources: [], drift: [], hasMoved: false }

/** Looks at what is really there: of the deployment recorded, or of none. Changes nothing. */
export const observeDeployment = async (
  provider: CloudProvider,
  host: StepHost,
  record: DeploymentRecord | null,
): Promise<Observation> => {
  const helper = await answering(host)
  if (record === null) {
    const residue = await observeLeftovers(provider, null)
    return {
      observed: { ...NOTHING_THERE, helper: helper === null ? 'absent' : 'answers', residue: residue.length > 0 },
      cloud: NOTHING_SEEN,
      residue,
    }
  }
  const cloud =
    helper === null && provider.id === 'lab'
      ? await tolerant(() => provider.observe(record), NOTHING_SEEN)
      : await provider.observe(record)
  const matching = helper === null ? NO_MATCH : await tolerant(() => observeMatching(helper, record), NO_MATCH)
  return {
    observed: {
      helper: helper === null ? 'absent' : 'answers',
      ...judgeBastions(record, cloud.bastions),
      cloud: cloud.resources.length > 0,
      drift: cloud.drift.length > 0,
      ...matching,
      unsettled: isUnsettled(record),
      residue: false,
    },
    cloud,
    residue: [],
  }
}

const NOTHING_THERE: Observed = {
  helper: 'absent',
  bastion: 'absent',
  surplus: false,
  cloud: false,
  drift: false,
  endsKnown: false,
  ...NO_MATCH,
  unsettled: false,
  residue: false,
}
