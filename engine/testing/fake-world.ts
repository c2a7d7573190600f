import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Problem } from '../../contract/app.ts'
import { connect } from '../../contract/connect.ts'
import { MoleError } from '../../contract/errors.ts'
import { helperContract } from '../../contract/helper.ts'
import { memoryPorts } from '../../contract/ports/memory.ts'
import { type Service, serve } from '../../contract/serve.ts'
import { type HostState, NOTHING } from '../../domain/host-state.ts'
import { type BastionEndpoint, bastionPort, slotsOfBastion } from '../../domain/tunnel-plan.ts'
import type { BastionRequest, CloudProvider, HelperClient, ObservedBastion } from '../cloud/provider.ts'
import { fakeHelper } from './fake-helper.ts'

export type FakeBastion = {
  id: string
  index: number
  deploymentId: string
  state: ObservedBastion['state']
  privateCidr: string
  /** What it published when it booted. */
  ends: BastionEndpoint[]
  /** By their number, the lanes it has: its own key of each, and the DTN's that it trusts. */
  lanes: Map<number, { publicKey: string; hostKey: string }>
  hasAgent: boolean
  brokenSlots: Set<number>
}

/** What there is outside the engine: it lives on when an engine is dropped. */
export type FakeWorld = {
  /** The lab's world exists (namespaces, processes, files). */
  exists: boolean
  helperAlive: boolean
  state: HostState
  generation: number
  /** Name and public key; a key made again is another one. */
  keys: Map<string, string>
  bastions: Map<string, FakeBastion>
  /** Numbers of lanes through which no echo comes back, whatever their keys. */
  deafLanes: Set<number>
  /** The lab's probe site is there. */
  hasSite: boolean
  problem: Problem | null
  /** What the cloud says is not as it was made. */
  drift: string[]
  /** The host has another address than the cloud lets in. */
  hasMoved: boolean
  /** Why the cloud cannot be looked at; `null` when it can. */
  unseen: MoleError | null
  watchMs: number | null
  /** Names of what was asked of provider and helper, in order. */
  asked: string[]
  /** Called before and after each thing that is asked; throws to fail it, hangs to be killed there. */
  gate(what: string, when: 'before' | 'after'): Promise<void>
  readonly provider: CloudProvider
  killHelper(): void
}

/** A key that looks like one: 32 bytes in base64. */
export const fakeKey = (name: string): string => createHash('sha256').update(name).digest('base64')

let launches = 0

const bootedBastion = ({
  id: deploymentId,
  bastionId: id,
  index,
  plan,
  hostPublicKeys,
}: BastionRequest): FakeBastion => {
  launches += 1
  const ends = slotsOfBastion(index).map((slot) => ({
    slot,
    lane: 0 as const,
    // A machine launched anew makes new keys.
    publicKey: fakeKey(`${id} launch ${launches} slot ${slot}`),
    address: `203.0.113.${9 + index}`,
    port: bastionPort(slot),
  }))
  return {
    id,
    deploymentId,
    privateCidr: plan.privateCidr,
    state: 'running',
    brokenSlots: new Set(),
    index,
    ends,
    lanes: new Map(ends.map(({ slot, publicKey }, at) => [slot, { publicKey, hostKey: hostPublicKeys[at] ?? '' }])),
    hasAgent: true,
  }
}

const observed = (bastion: FakeBastion): ObservedBastion => ({
  id: bastion.id,
  index: bastion.index,
  machine: null,
  state: bastion.state,
  publicAddress: `203.0.113.${9 + bastion.index}`,
  privateCidr: bastion.privateCidr,
  resourceAddress: '10.200.0.10',
  brokenSlots: [...bastion.brokenSlots],
})

/** A lab without a kernel: a helper over in-memory ports with the real contract, and a cloud of plain objects. */
export const openFakeWorld = (): FakeWorld => {
  const services = new Set<Service>()

  const asking = async <T>(what: string, work: () => T): Promise<T> => {
    world.asked.push(what)
    await world.gate(what, 'before')
    const result = work()
    await world.gate(what, 'after')
    return result
  }

  const connectHelper = (): HelperClient => {
    const [ours, theirs] = memoryPorts()
    const service = serve(helperContract, fakeHelper(world, asking), theirs)
    services.add(service)
    void service.closed.then(() => services.delete(service))
    return connect(helperContract, ours)
  }

  const clear = (): void => {
    Object.assign(world, { exists: false, hasSite: false, state: NOTHING, generation: 0 })
    world.keys.clear()
    world.bastions.clear()
  }

  const leftovers = (): string[] => [
    ...(world.exists ? ['namespace lab'] : []),
    ...[...world.bastions.keys()].map((id) => `bastion ${id}`),
    ...world.state.tunnels.map(({ name }) => `interface ${name}`),
  ]

  const world: FakeWorld = {
    exists: false,
    helperAlive: false,
    state: NOTHING,
    generation: 0,
    keys: new Map(),
    bastions: new Map(),
    deafLanes: new Set(),
    hasSite: false,
    problem: null,
    drift: [],
    hasMoved: false,
    unseen: null,
    watchMs: null,
    asked: [],
    gate: async () => undefined,
    killHelper: () => {
      world.helperAlive = false
      for (const service of services) service.close()
    },
    provider: {
      id: 'lab',
      title: 'Fake lab',
      summary: 'A lab of plain objects.',
      problem: async () => world.problem,
      review: async () => ({
        resources: [{ kind: 'bastion', name: 'b1', detail: 'fake' }],
        costUsdPerHour: 0,
        costNote: 'free',
        warnings: [],
      }),
      host: {
        ensure: () =>
          asking('host.ensure', () => {
            world.exists = true
            world.helperAlive = true
          }).then(connectHelper),
        lives: async () => world.exists,
        find: async () => (world.helperAlive ? connectHelper() : null),
        remove: () =>
          asking('host.remove', () => {
            world.killHelper()
            clear()
          }),
      },
      pollMs: 20,
      get watchMs() {
        return world.watchMs
      },
      complete: async (plan) => plan,
      prepare: async () => undefined,
      observe: async ({ id }) => {
        if (world.unseen !== null) throw world.unseen
        return {
          bastions: [...world.bastions.values()].filter(({ deploymentId }) => deploymentId === id).map(observed),
          resources: [],
          drift: world.drift,
          hasMoved: world.hasMoved,
        }
      },
      launch: (request, _, signal) =>
        asking('launch', () => {
          signal.throwIfAborted()
          if (!world.exists) throw new MoleError('helper-unreachable', 'no lab to launch in')
          const bastion = world.bastions.get(request.bastionId) ?? bootedBastion(request)
          world.bastions.set(request.bastionId, bastion)
          return observed(bastion)
        }),
      publishedEnds: (_, { id }) => asking('publishedEnds', () => world.bastions.get(id)?.ends ?? []),
      terminate: (_, ids) =>
        asking('terminate', () => {
          for (const id of ids) world.bastions.delete(id)
        }),
      remove: ({ id }) =>
        asking('terminate', () => {
          for (const bastion of [...world.bastions.values()])
            if (bastion.deploymentId === id) world.bastions.delete(bastion.id)
        }),
      leftovers: async () => leftovers(),
    },
  }
  return world
}

/** Never resolves: an engine that waits for it is as good as killed there. */
export const hang = (): Promise<never> => new Promise(() => undefined)

/** Waits until `ready` gives something else than null or false. @throws Error after `limitMs`. */
export const until = async <T>(ready: () => T | null | false | undefined, limitMs = 8000): Promise<T> => {
  const end = performance.now() + limitMs
  for (;;) {
    const value = ready()
    if (value !== null && value !== false && value !== undefined) return value
    if (performance.now() > end) throw new Error('waited in vain')
    await delay(2)
  }
}
