import { bastionCount } from '../../domain/tunnel-plan.ts'
import type { ObservedBastion } from '../cloud/provider.ts'
import type { BastionRecord, DeploymentRecord } from '../store/deployment-table.ts'

/** What is remembered of a bastion that nothing is remembered of. */
const unknownBastion = (index: number): BastionRecord => ({
  index,
  launch: 0,
  machineId: null,
  hostKeys: null,
  ends: null,
  spares: [],
})

/** What is remembered of bastion `index`. */
export const bastionOf = ({ bastions }: Pick<DeploymentRecord, 'bastions'>, index: number): BastionRecord =>
  bastions.find((bastion) => bastion.index === index) ?? unknownBastion(index)

/** The bastions with one of them changed, in order. Pure. */
export const withBastion = (
  record: Pick<DeploymentRecord, 'bastions'>,
  index: number,
  change: Partial<Omit<BastionRecord, 'index'>>,
): BastionRecord[] =>
  [
    ...record.bastions.filter((bastion) => bastion.index !== index),
    { ...bastionOf(record, index), ...change, index },
  ].sort((a, b) => a.index - b.index)

/** Numbers of the bastions a plan needs: 1 … n. */
export const neededBastions = (plan: DeploymentRecord['plan']): number[] =>
  Array.from({ length: bastionCount(plan) }, (_, at) => at + 1)

/** A bastion whose keys are known: all of them lead to the same private network. */
export const firstServing = ({ bastions }: Pick<DeploymentRecord, 'bastions'>): number =>
  bastions.find(({ ends }) => ends !== null)?.index ?? 1

/** A machine that was stopped and started again has another address. */
const isElsewhere = ({ ends }: BastionRecord, bastion: ObservedBastion | undefined): boolean => {
  const address = bastion?.machine == null ? '' : bastion.publicAddress
  return address !== '' && ends?.some((end) => end.address !== address) === true
}

/** Whether the ends of every bastion the plan needs are known, and where they are now. Pure. */
export const endsKnown = (record: DeploymentRecord, bastions: readonly ObservedBastion[]): boolean =>
  neededBastions(record.plan).every((index) => {
    const known = bastionOf(record, index)
    return (
      known.ends !== null &&
      !isElsewhere(
        known,
        bastions.find((each) => each.index === index),
      )
    )
  })
