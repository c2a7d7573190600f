import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NOTHING } from '../../domain/host-state.ts'
import { NO_TUNING, onlyOptions, Tuning, TuningOption } from '../../domain/tuning.ts'
import { textOf } from '../ops/table.ts'
import { SERVER } from '../testing/fake-tunable-host.ts'
import { bundle } from '../testing/states.ts'
import { ALL_TUNING, anyHardware, anyTuning, makeTunedHost } from '../testing/tuned-host.ts'

const wholeBundle = fc
  .record({
    tunnels: fc.integer({ min: 0, max: 4 }),
    tuning: anyTuning,
    spread: fc.constantFrom('hash', 'round-robin'),
    mptcp: fc.option(fc.constant({ strategy: 'roundrobin' as const })),
    probe: fc.option(fc.constant({ intervalMs: 100, misses: 3 })),
  })
  .map(({ tunnels, ...changes }) => bundle(tunnels, changes))

const flavours = fc.constantFrom('kernel' as const, 'userspace' as const)

describe('tuning', () => {
  it.each(TuningOption.options)(
    'by %s changes the host, a second time nothing, and leaves it as it was',
    async (option) => {
      const tuned = makeTunedHost()
      const before = tuned.snapshot()
      const state = bundle(3, { tuning: onlyOptions(ALL_TUNING, [option]) })
      const done = await tuned.apply(state)
      const tunes = done.filter(({ kind }) => kind === 'tune')
      expect(tunes.length).toBeGreaterThan(0)
      expect(tunes.every((operation) => operation.kind === 'tune' && operation.option === option)).toBe(true)
      expect(await tuned.plan(state)).toEqual([])
      expect(tuned.snapshot()).not.toEqual(before)
      await tuned.apply(NOTHING)
      expect(tuned.snapshot()).toEqual(before)
      expect(tuned.origins()).toEqual([])
    },
  )

  it('in any combination, on any machine, is reached in one go and is all gone after it is taken away', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyHardware,
        flavours,
        wholeBundle,
        wholeBundle,
        fc.boolean(),
        async (hardware, flavour, first, second, restarts) => {
          const tuned = makeTunedHost(hardware, flavour)
          const before = tuned.snapshot()
          for (const state of [first, second]) {
            await tuned.apply(state)
            expect(await tuned.plan(state)).toEqual([])
            if (restarts) tuned.restart()
          }
          expect(await tuned.drift()).toEqual([])
          await tuned.apply(NOTHING)
          expect(tuned.snapshot()).toEqual(before)
          expect(tuned.origins()).toEqual([])
        },
      ),
      { numRuns: 100 },
    )
  }, 30_000)

  it('cut off at any operation is undone by the next helper', async () => {
    await fc.assert(
      fc.asyncProperty(flavours, wholeBundle, wholeBundle, fc.nat(60), async (flavour, first, second, after) => {
        const tuned = makeTunedHost(SERVER, flavour)
        // Queues that come back have new interrupts, which nobody has placed yet.
        await tuned.apply({ ...first, tuning: { ...first.tuning, nicQueues: false } })
        const before = tuned.snapshot().files
        await tuned.applyCutOff({ ...first, tuning: second.tuning }, after)
        expect(tuned.snapshot().files).toEqual(before)
      }),
      { numRuns: 60 },
    )
  }, 30_000)

  it('pins a tunnel that comes later, and moves the others together', async () => {
    const tuned = makeTunedHost()
    const tuning = onlyOptions(ALL_TUNING, ['pinning'])
    await tuned.apply(bundle(1, { tuning }))
    const done = await tuned.apply(bundle(3, { tuning }))
    expect(done.filter(({ kind }) => kind === 'tune').map(textOf)).toEqual([
      expect.stringMatching(/wireguard-go for mole1 .* from 4-7 to 4$/),
      expect.stringMatching(/wireguard-go for mole2 .* from 0-7 to 5$/),
      expect.stringMatching(/wireguard-go for mole3 .* from 0-7 to 6$/),
    ])
  })

  it('leaves what somebody else has changed since, says so, and does not put it back either', async () => {
    const tuned = makeTunedHost()
    const state = bundle(1, { tuning: onlyOptions(ALL_TUNING, ['governor', 'window-scaling']) })
    await tuned.apply(state)
    tuned.host.meddle('/proc/sys/net/ipv4/tcp_mtu_probing', '2\n')
    expect(await tuned.drift()).toEqual(['net.ipv4.tcp_mtu_probing: 2 now; Cloud Mole had set it to 1 (before: 0)'])
    expect(await tuned.plan(state)).toEqual([])
    await tuned.apply(NOTHING)
    expect(tuned.host.system.read('/proc/sys/net/ipv4/tcp_mtu_probing')).toBe('2\n')
    expect(tuned.host.system.read('/proc/sys/net/ipv4/tcp_slow_start_after_idle')).toBe('1\n')
  })

  it('never makes a buffer or an MTU smaller', async () => {
    const tuned = makeTunedHost()
    const tuning = Tuning.parse({
      ...NO_TUNING,
      buffers: { rmemMaxBytes: 4096, wmemMaxBytes: 4096 },
      nicMtuBytes: 1500,
    })
    expect((await tuned.apply(bundle(1, { tuning }))).filter(({ kind }) => kind === 'tune')).toEqual([])
  })

  it('is no condition of the bundle: what the kernel refuses is left as it is', async () => {
    const tuned = makeTunedHost({ ...SERVER, isOwnNamespace: true, hasEthtool: false })
    const state = bundle(2, { tuning: ALL_TUNING })
    const before = tuned.snapshot().files
    await tuned.apply(state)
    expect(await tuned.plan(state)).toEqual([])
    const after = tuned.snapshot().files
    for (const path of ['/proc/sys/net/core/rmem_max', '/sys/devices/system/cpu/cpufreq/policy0/scaling_governor'])
      expect(after[path]).toBe(before[path])
    expect(after['/proc/sys/net/ipv4/tcp_rmem']).toBe('4096\t131072\t134217728\n')
  })
})
