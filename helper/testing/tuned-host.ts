import fc from 'fast-check'
import { type HostState, NOTHING } from '../../domain/host-state.ts'
import { GOVERNORS, Tuning } from '../../domain/tuning.ts'
import { diff, type Known } from '../diff.ts'
import { makeExecutor } from '../execute.ts'
import type { Flavour } from '../observe/facts.ts'
import type { Operation } from '../operation.ts'
import { effectsOf, undoAll } from '../ops/table.ts'
import { limitsOriginAfter, originsAfter } from '../sysctl-origins.ts'
import { originsLeft, originsWith, tuningDrift } from '../tuning/diff.ts'
import { makeRefusals } from '../tuning/known.ts'
import { observeTuning, tuningScope } from '../tuning/observe.ts'
import { fakeKeys } from './fake-system.ts'
import { type FakeHardware, type FakeHost, makeFakeHost, SERVER } from './fake-tunable-host.ts'
import { applyToModel, BARE_HOST, sorted } from './model.ts'
import { KNOWN } from './states.ts'

/** All that can be asked for. */
export const ALL_TUNING = Tuning.parse({
  pinning: { reserveCores: 2 },
  governor: 'performance',
  congestion: 'bbr',
  buffers: { rmemMaxBytes: 134_217_728, wmemMaxBytes: 134_217_728 },
  windowScaling: true,
  nicQueues: true,
  nicRings: true,
  nicOffloads: true,
  nicMtuBytes: 9000,
})

/** A fake host under a helper: its network is the model's, its tuning that of a fake `/proc` and `/sys`. */
export const makeTunedHost = (hardware: FakeHardware = SERVER, flavour: Flavour = 'userspace') => {
  const host: FakeHost = makeFakeHost(hardware)
  let network = BARE_HOST
  let known: Known = { ...KNOWN, flavour }
  let desired = NOTHING
  let refusals = makeRefusals()
  let executor = makeExecutor(host.system, fakeKeys(KNOWN.publicKeyOf), refusals)

  const look = async (state: HostState) => ({
    ...network,
    tuning: await observeTuning(host.system, tuningScope(state, known.tuning.origins), network.links),
  })
  const plan = async (state: HostState): Promise<Operation[]> => diff(await look(state), state, known)

  const perform = async (operation: Operation): Promise<void> => {
    if (operation.kind === 'tune') return executor.execute(effectsOf(operation))
    network = applyToModel(network, operation)
    if (operation.kind === 'link' && operation.to === null) host.unserve(operation.name)
    else if (operation.kind === 'link') host.serve(operation.name, operation.to)
  }
  const remember = (operations: readonly Operation[], state: HostState): void => {
    const origins = originsWith(known.tuning.origins, operations)
    const sysctlOrigins = originsAfter(known.sysctlOrigins, operations, state)
    const limitsOrigin = limitsOriginAfter(known.limitsOrigin, operations, state)
    known = { ...known, sysctlOrigins, limitsOrigin, tuning: { origins, refusalOf: refusals.of } }
  }

  return {
    host,
    plan,
    /** As `applyState` does: what was made in one round may be tuned in the next. */
    apply: async (state: HostState): Promise<Operation[]> => {
      const done: Operation[] = []
      const before = known.tuning.origins
      desired = state
      for (let round = 0; round < 3; round += 1) {
        const operations = await plan(state)
        for (const operation of operations) await perform(operation)
        remember(operations, state)
        done.push(...operations)
      }
      const facts = await look(state)
      const origins = originsLeft(known.tuning.origins, before, facts.tuning, state)
      known = { ...known, tuning: { origins, refusalOf: refusals.of } }
      return done
    },
    /** Cut off after so many operations, as a crash would; then all of it is undone, as the next helper does. */
    applyCutOff: async (state: HostState, after: number): Promise<void> => {
      const operations = await plan(state)
      for (const operation of operations.slice(0, after)) await perform(operation)
      for (const undo of undoAll(operations)) {
        try {
          if (undo.kind === 'tune') await executor.executeTolerantly(effectsOf(undo))
          else await perform(undo)
        } catch {
          // Not done yet, so there is nothing to undo.
        }
      }
    },
    /** A helper that knows only what the journal holds. */
    restart: (): void => {
      refusals = makeRefusals()
      executor = makeExecutor(host.system, fakeKeys(KNOWN.publicKeyOf), refusals)
      known = { ...known, tuning: { ...known.tuning, refusalOf: refusals.of } }
    },
    drift: async (): Promise<string[]> => tuningDrift(known.tuning.origins, (await look(desired)).tuning),
    origins: () => known.tuning.origins,
    snapshot: () => ({ network: sorted({ ...network, tuning: BARE_HOST.tuning }), files: host.snapshot() }),
  }
}

const bytes = fc.constantFrom(null, 4096, 16_777_216, 134_217_728)

/** Any tuning somebody might ask for. */
export const anyTuning: fc.Arbitrary<Tuning> = fc
  .record({
    pinning: fc.option(fc.record({ reserveCores: fc.constantFrom(0, 1, 2, 6) })),
    governor: fc.option(fc.constantFrom(...GOVERNORS)),
    congestion: fc.option(fc.constantFrom('bbr', 'cubic', 'reno', 'vegas')),
    buffers: fc.option(fc.record({ rmemMaxBytes: bytes, wmemMaxBytes: bytes })),
    windowScaling: fc.option(fc.boolean()),
    nicQueues: fc.boolean(),
    nicRings: fc.boolean(),
    nicOffloads: fc.boolean(),
    nicMtuBytes: fc.constantFrom(null, 1500, 9000, 9216),
  })
  .map((tuning) => Tuning.parse(tuning))

/** Machines of many kinds. */
export const anyHardware: fc.Arbitrary<FakeHardware> = fc.record({
  nodes: fc.constantFrom([0], [0, 0], [0, 0, 1, 1], [0, 0, 0, 0, 1, 1, 1, 1], new Array<number>(34).fill(0)),
  smt: fc.boolean(),
  governors: fc.constantFrom(null, ['performance', 'powersave'], ['schedutil', 'ondemand', 'performance']),
  congestion: fc.constantFrom(
    { available: ['reno', 'cubic'], modules: ['bbr'] },
    { available: ['reno', 'cubic', 'bbr'], modules: [] },
  ),
  nicNode: fc.constantFrom(null, 0, 1),
  channels: fc.constantFrom(null, { max: 16, now: 2 }, { max: 2, now: 2 }),
  rings: fc.constantFrom(null, { max: 4096, now: 256 }),
  fixedFeatures: fc.subarray([
    'generic-receive-offload',
    'tcp-segmentation-offload',
    'rx-gro-list',
    'rx-udp-gro-forwarding',
  ]),
  isOwnNamespace: fc.boolean(),
  hasEthtool: fc.boolean(),
  bonded: fc.boolean(),
})
