import type { Architecture } from './image.ts'
import type { OfferedType } from './instance-types.ts'

/** Where a bastion could stand, and as what. */
export type Placement = {
  readonly instanceType: string
  readonly architecture: Architecture
  readonly subnetId: string
  readonly zone: string
}

export type Place = { readonly subnetId: string; readonly zone: string }

/**
 * Where to try, in order: the preferred type in the bastion's own subnet, then in the other subnets, then the next type.
 * Bastions begin at subnets in turn, so that they spread over the zones. Pure, and the same whenever it is asked.
 * @param index number of the bastion, from 1
 */
export const planPlacements = (index: number, types: readonly OfferedType[], places: readonly Place[]): Placement[] => {
  const first = places.length === 0 ? 0 : (index - 1) % places.length
  const inTurn = [...places.slice(first), ...places.slice(0, first)]
  return types.flatMap(({ name, architecture, zones }) =>
    architecture === null
      ? []
      : inTurn
          .filter(({ zone }) => zones.includes(zone))
          .map(({ subnetId, zone }) => ({ instanceType: name, architecture, subnetId, zone })),
  )
}

/**
 * What makes a launch happen once: asked again with the same token, AWS answers with the instance it made. Each place
 * that is tried needs its own, because a token belongs to one request (EC2 Developer Guide, "Ensuring idempotency").
 * @param attempt number of the placement, from 0
 */
export const clientToken = (bastionId: string, launch: number, attempt: number): string =>
  attempt === 0 ? `${bastionId}-${launch}` : `${bastionId}-${launch}-${attempt}`
