import type { Money } from '../../contract/app.ts'
import type { InterfaceSample } from '../../contract/helper.ts'
import { wireBytes } from '../../domain/money/traffic.ts'
import type { Clock } from '../clock.ts'
import type { CloudObservation } from '../cloud/provider.ts'
import type { DeploymentRecord } from '../store/deployment-table.ts'
import type { CountedBy } from '../telemetry/rates.ts'
import type { MoneyBooks } from './money.ts'

/** Takes what the engine sees to the books, and tells the sum from time to time. */
export type MoneyFollower = {
  onSeen(record: DeploymentRecord, cloud: CloudObservation): void
  onCounters(interfaces: readonly InterfaceSample[], by: CountedBy): void
  onForgotten(deploymentId: string): void
}

/** A sum that changes by fractions of a cent need not be sent with each sample. */
const TELL_EVERY_MS = 5000

export const followMoney = (books: MoneyBooks, clock: Clock, tell: (money: Money | null) => void): MoneyFollower => {
  let toldAtMs = Number.NEGATIVE_INFINITY
  let isKept = books.current() !== null

  const tellSometimes = (everyMs: number): void => {
    if (!isKept || clock.monotonicMs() - toldAtMs < everyMs) return
    toldAtMs = clock.monotonicMs()
    tell(books.current())
  }

  // What was spent before this engine began, and goes on being spent whatever became of the deployment.
  tellSometimes(0)

  return {
    onSeen: ({ id, plan }, { bastions }) => {
      if (plan.aws === null) return
      isKept = true
      books.observe(
        id,
        plan,
        bastions.flatMap(({ machine, state }) => (machine === null || state === 'failed' ? [] : [machine])),
      )
      tellSometimes(0)
    },
    onCounters: (interfaces, by) => {
      if (!isKept) return
      books.count(
        interfaces.map(({ name, txBytes, txPackets, rxBytes, rxPackets }) => ({
          name,
          // What this host sends goes into AWS.
          bytesIn: wireBytes(txBytes, txPackets, by),
          bytesOut: wireBytes(rxBytes, rxPackets, by),
        })),
      )
      tellSometimes(TELL_EVERY_MS)
    },
    onForgotten: (deploymentId) => {
      books.forget(deploymentId)
      if (isKept) tell(null)
      isKept = false
    },
  }
}
