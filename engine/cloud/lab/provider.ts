import type { CloudResource } from '../../../contract/app.ts'
import { MoleError } from '../../../contract/errors.ts'
import { type BastionEndpoint, slotsOfBastion } from '../../../domain/tunnel-plan.ts'
import { openHelperLink } from '../../host/helper-link.ts'
import { connectHelper } from '../../host/reach-helper.ts'
import type { HelperProgram } from '../../host/start-helper.ts'
import { entryPoint } from '../../paths.ts'
import { bootFailure } from '../bastion/boot-failure.ts'
import { parsePublishedKeys } from '../bastion/published-keys.ts'
import type { CloudProvider, HelperClient, HostAccess, ObservedBastion, Whose } from '../provider.ts'
import { ensureHelper } from './helper-process.ts'
import { labLaunchOf } from './launch-request.ts'
import { observeLabProblem } from './problem.ts'
import { reviewLab } from './review.ts'
import { ensureWorld, labLeftovers, removeWorld } from './world.ts'
import { findWorld } from './world-file.ts'

export type LabOptions = {
  /** Everything of the lab lies below it; made 0700, removed whole by `host.remove()`. */
  readonly directory: string
  /** How the helper is run; default: this very Node and our own helper. */
  readonly program?: HelperProgram
}

const hostAccess = (directory: string, program: HelperProgram): HostAccess => ({
  ensure: async (signal) => ensureHelper(directory, await ensureWorld(directory, signal), program, signal),
  lives: async () => (await findWorld(directory)) !== null,
  find: async () => ((await findWorld(directory)) === null ? null : connectHelper(directory)),
  remove: () => removeWorld(directory),
})

const START_LIMIT_MS = 20_000
/** A question that any helper answers at once. */
const ANSWER_LIMIT_MS = 5000

const silent = (): MoleError =>
  new MoleError('helper-unreachable', `The lab’s helper did not answer within ${ANSWER_LIMIT_MS / 1000} s.`, {
    field: 'helper',
    meaning: 'It hangs. The tunnels may still carry traffic.',
    nextStep: 'Run "mole up": it starts another helper in its place. Or "mole down": it ends the lab.',
  })

/** One connection for all of the provider's questions, made anew when it is gone. */
const questions = (host: HostAccess) => {
  const link = openHelperLink(host)
  const get = (signal: AbortSignal = AbortSignal.timeout(START_LIMIT_MS)): Promise<HelperClient> => link.ensure(signal)

  /** Asks with a time limit. A helper that lets it pass is let go, so that the next question finds or makes another. */
  const ask = async <T>(question: (helper: HelperClient, signal: AbortSignal) => Promise<T>): Promise<T> => {
    const helper = await get()
    const limit = AbortSignal.timeout(ANSWER_LIMIT_MS)
    try {
      return await question(helper, limit)
    } catch (error) {
      if (!limit.aborted) throw error
      link.release()
      throw silent()
    }
  }

  return { get, ask, release: link.release }
}

/** The last part of a bastion's name is its number. */
const indexOf = (id: string): number => Number(/-b([1-9][0-9]*)$/.exec(id)?.[1] ?? 1)

const resourceOf = ({ id, state, publicAddress }: ObservedBastion): CloudResource => ({
  kind: 'namespace',
  id,
  name: `bastion ${indexOf(id)}`,
  state,
  detail: publicAddress,
})

const observed = (
  bastion: Omit<ObservedBastion, 'resourceAddress' | 'index' | 'machine'> & { readonly resourceAddress: string },
): ObservedBastion => ({
  id: bastion.id,
  index: indexOf(bastion.id),
  state: bastion.state,
  publicAddress: bastion.publicAddress,
  privateCidr: bastion.privateCidr,
  resourceAddress: bastion.resourceAddress,
  brokenSlots: bastion.brokenSlots,
  machine: null,
})

const bootFailed = (id: string, consoleText: string): MoleError =>
  bootFailure(id, consoleText, 'Try again; if it stays so, "mole doctor" tells what this machine lacks.')

const ignoreMissing = (error: unknown): void => {
  if (!(error instanceof MoleError && error.code === 'not-found')) throw error
}

/**
 * The lab as a cloud: bastions are namespaces in a world of their own on this machine. It costs nothing, needs no root,
 * and its bastions boot by the script that a cloud instance gets.
 */
export const labProvider = (options: LabOptions): CloudProvider => {
  const { directory } = options
  const host = hostAccess(directory, options.program ?? { node: process.execPath, entry: entryPoint('helper') })
  const client = questions(host)

  /** `[]` without a world: its bastions are gone with it. A dead helper in a live world is started again. */
  const list = async ({ id }: Whose): Promise<ObservedBastion[]> => {
    if ((await findWorld(directory)) === null) return []
    const { bastions } = await client.ask((helper, signal) => helper.call('lab.list', {}, { signal }))
    return bastions.filter(({ deploymentId }) => deploymentId === id).map((bastion) => observed(bastion))
  }

  const terminate = async (ids: readonly string[], signal: AbortSignal): Promise<void> => {
    for (const id of ids)
      await (await client.get(signal)).call('lab.terminate', { id }, { signal }).catch(ignoreMissing)
  }

  return {
    id: 'lab',
    title: 'Local lab',
    summary:
      'Real tunnels to a bastion and a private subnet on this machine: free, without root, gone without a trace.',
    host: {
      ...host,
      remove: async () => {
        client.release()
        await host.remove()
      },
    },
    problem: async () => ((await findWorld(directory)) === null ? observeLabProblem() : null),
    review: async (plan) => reviewLab(plan),
    complete: async (plan) => plan,
    pollMs: 20,
    watchMs: null,
    observe: async (whose) => {
      const bastions = await list(whose)
      return { bastions, resources: bastions.map(resourceOf), drift: [], hasMoved: false }
    },
    prepare: async () => undefined,
    launch: async (request, _, signal) => {
      const launch = await labLaunchOf(request)
      return observed(await (await client.get(signal)).call('lab.launch', launch, { signal }))
    },
    publishedEnds: async (_, { id, index, publicAddress, state }) => {
      const { text } = await client.ask((helper, signal) => helper.call('lab.console', { id }, { signal }))
      const { keys, ready, failedWithCode } = parsePublishedKeys(text, slotsOfBastion(index))
      if (failedWithCode !== null || (state === 'failed' && !ready)) throw bootFailed(id, text)
      return ready ? keys.map((key): BastionEndpoint => ({ ...key, address: publicAddress })) : []
    },
    terminate: async (_, ids, __, signal) => terminate(ids, signal),
    remove: async (whose, _, signal) => {
      const bastions = await list(whose)
      await terminate(
        bastions.map(({ id }) => id),
        signal,
      )
    },
    leftovers: () => labLeftovers(directory),
  }
}
