import type { StepId } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'
import type { CloudProvider } from '../cloud/provider.ts'
import type { Log } from '../log.ts'
import { problemOf } from '../problem.ts'
import type { DeploymentRecord } from '../store/deployment-table.ts'
import { observeDeployment } from './observe.ts'
import { reconcile } from './reconcile.ts'
import type { StepHost } from './step.ts'

/** What takes away whatever there may be. */
const ALL: readonly StepId[] = ['revert-host', 'terminate-bastion', 'remove-host', 'prove-clean']

/** Somebody has to do something first: what is tried until then would be half done. */
export const isForbidden = (error: unknown): boolean =>
  error instanceof MoleError && ['credentials-expired', 'denied'].includes(error.code)

/**
 * What takes a deployment away, in order. Where the world cannot be looked at, everything is tried.
 * @param isFinal errors of that look that are passed on
 */
export const stepsToNothing = async (
  { provider, host }: { readonly provider: CloudProvider; readonly host: StepHost },
  record: DeploymentRecord | null,
  log: Log,
  isFinal: (error: unknown) => boolean = () => false,
): Promise<readonly StepId[]> => {
  try {
    const { observed } = await observeDeployment(provider, host, record)
    return reconcile({ kind: 'nothing' }, observed)
  } catch (error) {
    if (isFinal(error)) throw error
    problemOf(error, log)
    return ALL
  }
}
