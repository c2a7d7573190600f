import { isDeepStrictEqual } from 'node:util'
import { MoleError } from '../../contract/errors.ts'
import type { Clock } from '../clock.ts'
import type { Deployment } from '../deployment/deployment.ts'
import type { AttemptRecord } from '../store/attempt-table.ts'
import type { Store } from '../store/store.ts'
import type { OptimizeGround } from './optimize.ts'
import type { Bundle } from './subject.ts'

export type AttemptsEnvironment = {
  readonly deployment: Pick<Deployment, 'record' | 'scaleUnasked' | 'settle'>
  readonly store: Pick<Store, 'deployment' | 'attempt' | 'saveAttempt' | 'forgetAttempts'>
  readonly clock: Clock
}

/** Another act is given so long to end before what was tried is taken back. */
const PATIENCE_MS = 60_000
const LOOK_EVERY_MS = 250

const notScaled = (tunnels: number): MoleError =>
  new MoleError('conflict', `The deployment could not be scaled to ${tunnels} tunnels to try them.`, {
    field: 'tunnels',
    meaning: 'The act failed, or somebody asked for something else meanwhile.',
    nextStep: 'See "mole status", and start it again: "mole optimize".',
  })

const isBusy = (error: unknown): boolean => error instanceof MoleError && error.code === 'conflict'

/**
 * Changes of the bundle that is up, to see whether they are better. Each is recorded with what was before, so that an engine
 * that is killed meanwhile leaves something whole, and the next one takes it back.
 */
export const openAttempts = (
  environment: AttemptsEnvironment,
): Pick<OptimizeGround, 'attempt' | 'settle' | 'restore' | 'isAttempting'> => {
  const { deployment, store, clock } = environment

  const bundleNow = (): Bundle & { id: string } => {
    const { id, plan } = deployment.record()
    return { id, tunnels: plan.tunnels, carriage: plan.carriage }
  }

  const noted = (): AttemptRecord | null => {
    const id = store.deployment()?.id
    return id === undefined ? null : store.attempt(id)
  }

  const apply = async ({ tunnels, carriage }: Partial<Bundle>): Promise<void> => {
    const now = bundleNow()
    if (tunnels !== undefined && tunnels !== now.tunnels) {
      const state = await deployment.scaleUnasked(tunnels)
      if (state !== 'done') throw notScaled(tunnels)
    }
    if (carriage !== undefined && !isDeepStrictEqual(carriage, now.carriage))
      await deployment.settle({ tuned: deployment.record().tuned, carriage })
  }

  /** What is no more as it was tried, somebody else has changed since: that stays. */
  const takenBack = ({ before, tried }: AttemptRecord): Partial<Bundle> => {
    const now = bundleNow()
    return {
      ...(now.tunnels === tried.tunnels ? { tunnels: before.tunnels } : {}),
      ...(isDeepStrictEqual(now.carriage, tried.carriage) ? { carriage: before.carriage } : {}),
    }
  }

  const restoreNow = async (): Promise<void> => {
    const record = noted()
    if (record !== null && store.deployment()?.desired === 'up') await apply(takenBack(record))
    store.forgetAttempts()
  }

  return {
    attempt: async (change) => {
      const { id: deploymentId, ...now } = bundleNow()
      const before = noted()?.before ?? now
      store.saveAttempt({ deploymentId, before, tried: { ...now, ...change } })
      await apply(change)
    },
    settle: () => store.forgetAttempts(),
    restore: async (signal) => {
      const lastMs = clock.monotonicMs() + PATIENCE_MS
      for (;;) {
        try {
          return await restoreNow()
        } catch (error) {
          if (!isBusy(error) || signal.aborted || clock.monotonicMs() > lastMs) throw error
          await clock.sleep(LOOK_EVERY_MS, signal)
        }
      }
    },
    isAttempting: () => noted() !== null,
  }
}
