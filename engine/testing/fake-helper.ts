import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Handlers } from '../../contract/define.ts'
import { MoleError } from '../../contract/errors.ts'
import type { HelperContract, InterfaceSample, LabBastion } from '../../contract/helper.ts'
import { NOTHING } from '../../domain/host-state.ts'
import { slotOfInterface, slotOfLane } from '../../domain/ours.ts'
import { bastionOfSlot, bastionPort } from '../../domain/tunnel-plan.ts'
import { answersThrough, carryingInterfaces } from './fake-paths.ts'
import { type FakeBastion, type FakeWorld, fakeKey } from './fake-world.ts'

let made = 0

const newKey = (name: string): string => {
  made += 1
  return fakeKey(`${name} made ${made}`)
}

type Asking = <T>(what: string, work: () => T) => Promise<T>

const notYet = async (): Promise<never> => {
  throw new MoleError('not-available', 'This fake has no such thing.', {})
}

/** Between two samples; a hurried clock takes it for a second. */
const SAMPLE_MS = 10

const labBastion = (bastion: FakeBastion): LabBastion => ({
  id: bastion.id,
  deploymentId: bastion.deploymentId,
  publicAddress: '203.0.113.10',
  privateCidr: bastion.privateCidr,
  resourceAddress: '10.200.0.10',
  state: bastion.state,
  brokenSlots: [...bastion.brokenSlots],
})

/** A helper that makes nothing: it keeps in `world` what it was asked for, and says so. */
export const fakeHelper = (world: FakeWorld, asking: Asking): Handlers<HelperContract> => {
  const bastionOf = (id: string): FakeBastion => {
    const bastion = world.bastions.get(id)
    if (bastion === undefined) throw new MoleError('not-found', `no bastion ${id}`)
    return bastion
  }

  const answers = (name: string): boolean => answersThrough(world, name)

  /** The agent of the bastion that an interface leads to, if both are there. */
  const agentThrough = (through: string, address: string): FakeBastion => {
    const index = Number(address.split('.').at(-1))
    const bastion = [...world.bastions.values()].find((each) => each.index === index)
    const leadsThere = bastionOfSlot(slotOfLane(slotOfInterface(through) ?? 0)) === index && answers(through)
    if (bastion === undefined || !bastion.hasAgent || !leadsThere) throw new MoleError('timeout', 'no agent answers')
    return bastion
  }

  const sample = (name: string, beat: number): InterfaceSample => ({
    name,
    rxBytes: beat * 1000,
    txBytes: beat * 2000,
    rxPackets: beat,
    txPackets: beat * 2,
    handshakeAgeSeconds: 1,
    rttMs: answers(name) ? 5 : null,
    lossRatio: answers(name) ? 0 : 1,
    verdict: answers(name) ? 'up' : 'dead',
    carries: carryingInterfaces(world).includes(name),
  })

  return {
    hello: async () => ({
      version: '0.0.0',
      pid: 4711,
      facts: { kernel: 'fake', wireguard: 'userspace', isLab: true },
      generation: world.generation,
    }),
    inspect: async () => ({ generation: world.generation, state: world.state, connectedNetworks: [], drift: [] }),
    'keys.ensure': ({ names }) =>
      asking('keys.ensure', () => {
        for (const name of names) if (!world.keys.has(name)) world.keys.set(name, newKey(name))
        return { publicKeys: Object.fromEntries(names.map((name) => [name, world.keys.get(name) ?? ''])) }
      }),
    'keys.forget': ({ names }) =>
      asking('keys.forget', () => {
        for (const name of names) world.keys.delete(name)
        return {}
      }),
    flows: notYet,
    'host.load': notYet,
    'agent.hello': async ({ through, bastion }) => {
      agentThrough(through, bastion)
      return { lanes: [] }
    },
    'agent.make-lane': ({ through, bastion, number, keyName }) =>
      asking('agent.make-lane', () => {
        const { id, lanes } = agentThrough(through, bastion)
        const hostKey = world.keys.get(keyName) ?? ''
        const known = lanes.get(number)
        const lane = known?.hostKey === hostKey ? known : { hostKey, publicKey: newKey(`${id} lane ${number}`) }
        lanes.set(number, lane)
        return { number, publicKey: lane.publicKey, port: bastionPort(slotOfLane(number), number > 100 ? 1 : 0) }
      }),
    'agent.drop-lane': ({ through, bastion, number }) =>
      asking('agent.drop-lane', () => {
        agentThrough(through, bastion).lanes.delete(number)
        return {}
      }),
    'lab.condition': async ({ id }) => {
      bastionOf(id)
      return {}
    },
    'keys.reveal': async () => {
      throw new Error('the engine never asks for a private key')
    },
    plan: async ({ state }) => {
      if (isDeepStrictEqual(state, world.state)) return { operations: [] }
      const isTuning = isDeepStrictEqual({ ...state, tuning: null }, { ...world.state, tuning: null })
      return { operations: [{ kind: isTuning ? 'tune' : 'change', text: 'something differs' }] }
    },
    apply: ({ generation, state }) =>
      asking('apply', () => {
        if (generation !== world.generation) throw new MoleError('conflict', 'another generation')
        const missing = state.tunnels.find(({ keyName }) => !world.keys.has(keyName))
        if (missing !== undefined) throw new MoleError('not-found', `no key ${missing.keyName}`)
        const operations = isDeepStrictEqual(state, world.state)
          ? []
          : [{ kind: 'set', text: `${state.tunnels.length} tunnels` }]
        world.state = state
        world.generation += 1
        return { generation: world.generation, operations }
      }),
    confirm: async () => ({}),
    revert: () =>
      asking('revert', () => {
        world.state = NOTHING
        world.generation += 1
        return { generation: world.generation, operations: [], drift: [] }
      }),
    watch: async function* (_, { signal }) {
      for (let beat = 1; !signal.aborted; beat += 1) {
        const interfaces = world.state.tunnels.map(({ name }) => sample(name, beat))
        yield { kind: 'sample', atMs: beat * 1000, interfaces }
        await delay(SAMPLE_MS, undefined, { signal }).catch(() => undefined)
      }
    },
    'lab.launch': async () => {
      throw new MoleError('internal', 'the fake cloud launches by itself')
    },
    'lab.list': async () => ({ bastions: [...world.bastions.values()].map(labBastion) }),
    'lab.console': async () => ({ text: '' }),
    'lab.terminate': async () => ({}),
    'lab.path': async ({ id, slot, state }) => {
      const bastion = bastionOf(id)
      if (state === 'broken') bastion.brokenSlots.add(slot)
      else bastion.brokenSlots.delete(slot)
      return labBastion(bastion)
    },
    'lab.fetch': ({ id }) =>
      asking('fetch', () => {
        bastionOf(id)
        if (!world.state.tunnels.some(({ name }) => answers(name))) throw new MoleError('timeout', 'no answer')
        return { status: 200, bytes: 1024, firstByteMs: 3 }
      }),
    'lab.open-site': ({ condition }) =>
      asking('lab.open-site', () => {
        world.hasSite = true
        const sourceFile = condition.senderBitsPerSecond === null ? null : '/run/lab-site-source'
        return { address: '198.18.0.6', iperf3Port: 5201, echoPort: 7011, sourceFile }
      }),
    'lab.close-site': () =>
      asking('lab.close-site', () => {
        world.hasSite = false
        return {}
      }),
    'lab.traffic': async function* ({ streams }, { signal }) {
      yield { kind: 'started', atMs: 1 }
      for (let second = 1; second <= 3 && !signal.aborted; second += 1) {
        await delay(SAMPLE_MS, undefined, { signal }).catch(() => undefined)
        yield { kind: 'interval', atMs: second * 1000, seconds: 1, bitsPerSecond: streams * 1e6 }
      }
      yield {
        kind: 'report',
        atMs: 4000,
        seconds: 3,
        bytes: 375_000 * streams,
        bitsPerSecond: streams * 1e6,
        retransmits: 0,
        tool: 'fake',
      }
    },
  }
}
