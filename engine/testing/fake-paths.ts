import { slotOfInterface, slotOfLane } from '../../domain/ours.ts'
import type { FakeWorld } from './fake-world.ts'

/** An echo returns through an interface where each end trusts the other's key, and the path is whole. */
export const answersThrough = (world: FakeWorld, name: string): boolean => {
  const tunnel = world.state.tunnels.find((candidate) => candidate.name === name)
  const number = slotOfInterface(name) ?? 0
  const slot = slotOfLane(number)
  return [...world.bastions.values()].some((bastion) => {
    const lane = bastion.lanes.get(number)
    return (
      bastion.state === 'running' &&
      !bastion.brokenSlots.has(slot) &&
      !world.deafLanes.has(number) &&
      lane !== undefined &&
      lane.hostKey === world.keys.get(tunnel?.keyName ?? '') &&
      lane.publicKey === tunnel?.peer.publicKey
    )
  })
}

/** Interfaces in the route: as the helper keeps it, without those that nothing comes back through, and never without any. */
export const carryingInterfaces = (world: FakeWorld): string[] => {
  const living = world.state.active.filter((name) => answersThrough(world, name))
  return living.length > 0 ? living : [...world.state.active]
}
