import { describe, expect, it } from 'vitest'
import { type HostState, NOTHING } from '../domain/host-state.ts'
import { diff, type Known } from './diff.ts'
import { makeExecutor } from './execute.ts'
import type { Facts } from './observe/facts.ts'
import { effectsOf, textOf, undoAll } from './ops/table.ts'
import { originsAfter } from './sysctl-origins.ts'
import { fakeKeys, makeFakeSystem } from './testing/fake-system.ts'
import { applyToModel, BARE_HOST } from './testing/model.ts'
import { bundle, KNOWN, keyOf, tunnel } from './testing/states.ts'

const sysctlFiles = ({ sysctls }: Facts): Record<string, string> =>
  Object.fromEntries(
    Object.entries(sysctls).map(([name, value]) => [`/proc/sys/${name.replaceAll('.', '/')}`, `${value}\n`]),
  )

const reach = (facts: Facts, state: HostState, known: Known = KNOWN): Facts =>
  diff(facts, state, known).reduce(applyToModel, facts)

/** Everything that leads from `facts` to `state`: in words, and to the letter. */
const render = async (facts: Facts, state: HostState, known: Known = KNOWN): Promise<string> => {
  const operations = diff(facts, state, known)
  const system = makeFakeSystem(sysctlFiles(facts))
  await makeExecutor(system, fakeKeys(known.publicKeyOf)).execute(operations.flatMap(effectsOf))
  return `${operations.map(textOf).join('\n')}\n\n${system.transcript()}`
}

const kernel: Known = { ...KNOWN, flavour: 'kernel' }
const four = reach(BARE_HOST, bundle(4))
const origins = originsAfter([], diff(BARE_HOST, bundle(4), KNOWN), bundle(4))
const otherEndpoint = tunnel(2, { peer: { ...tunnel(2).peer, endpoint: { address: '203.0.113.99', port: 51_822 } } })
const otherPeer = tunnel(1, { peer: { ...tunnel(1).peer, publicKey: keyOf(77) } })
const dealt = (count: number): HostState => bundle(count, { spread: 'round-robin' })
/** Tunnel 2 carries over its other lane; the one it had is kept aside. */
const otherLane: HostState = { ...dealt(2), tunnels: [tunnel(1), tunnel(2), tunnel(102)], active: ['mole1', 'mole102'] }

const CASES: Record<string, () => Promise<string>> = {
  'one-tunnel': () => render(BARE_HOST, bundle(1)),
  'four-tunnels': () => render(BARE_HOST, bundle(4)),
  'two-tunnels-kernel': () => render(BARE_HOST, bundle(2), kernel),
  'tunnels-without-routes': () =>
    render(BARE_HOST, bundle(1, { routes: [], active: [], sourceAddress: null, sysctls: [], mssClamp: false })),
  'two-networks': () => render(BARE_HOST, bundle(2, { routes: ['10.200.0.0/24', '10.201.0.0/24'] })),
  'four-to-two': () => render(four, bundle(2)),
  'two-to-four': () => render(reach(BARE_HOST, bundle(2)), bundle(4)),
  'fail-closed': () => render(four, bundle(4, { active: [] })),
  'one-tunnel-less-active': () => render(four, bundle(4, { active: ['mole1', 'mole2', 'mole4'] })),
  'other-endpoint': () => render(reach(BARE_HOST, bundle(2)), bundle(2, { tunnels: [tunnel(1), otherEndpoint] })),
  'other-peer-kernel': () => render(reach(BARE_HOST, bundle(1), kernel), bundle(1, { tunnels: [otherPeer] }), kernel),
  'other-source-address': () => render(four, bundle(4, { sourceAddress: '10.100.254.1' })),
  'dealt-four': () => render(BARE_HOST, dealt(4)),
  'dealt-four-to-two': () => render(reach(BARE_HOST, dealt(4)), dealt(2)),
  'dealt-other-lane': () => render(reach(BARE_HOST, dealt(2)), otherLane),
  'one-tunnel-withdrawn': () => render(reach(BARE_HOST, dealt(4)), dealt(4), { ...KNOWN, withdrawn: new Set([3]) }),
  'multipath-tcp': () => render(BARE_HOST, bundle(2, { mptcp: { strategy: 'adaptive' }, congestion: 'cubic' })),
  nothing: () => render(four, NOTHING, { ...KNOWN, sysctlOrigins: origins }),
  'nothing-on-a-bare-host': () => render(BARE_HOST, NOTHING),
}

describe('what a host state does to the host, to the letter', () => {
  for (const [name, make] of Object.entries(CASES)) {
    it(name, async () => {
      await expect(await make()).toMatchFileSnapshot(`golden/${name}.txt`)
    })
  }

  it('says the same in a second run', async () => {
    expect(await render(BARE_HOST, bundle(4))).toBe(await render(BARE_HOST, bundle(4)))
  })

  it('never gives a program a value that could be read as an option, nor a private key', async () => {
    const system = makeFakeSystem(sysctlFiles(BARE_HOST))
    const seen: string[] = []
    const runner = { ...system.runner, run: spyOn(system.runner.run, seen) }
    await makeExecutor({ ...system, runner }, fakeKeys(kernel.publicKeyOf)).execute(
      diff(BARE_HOST, bundle(4), kernel).flatMap(effectsOf),
    )
    expect(seen.filter((argument) => argument.startsWith('-'))).toEqual(['-f', '-', '-batch', '-', '-batch', '-'])
    expect(seen.join(' ')).not.toContain(keyOf(0xaa))
    expect(system.transcript()).not.toContain(keyOf(0xaa))
    expect(system.transcript()).toContain('private-key /dev/stdin')
  })
})

const spyOn =
  (run: ReturnType<typeof makeFakeSystem>['runner']['run'], seen: string[]): typeof run =>
  (program, argv, options) => {
    seen.push(...argv)
    return run(program, argv, options)
  }

describe('when a step fails', () => {
  const execute = async (failing: RegExp): Promise<unknown> => {
    const system = makeFakeSystem(sysctlFiles(BARE_HOST), failing)
    const executor = makeExecutor(system, fakeKeys(KNOWN.publicKeyOf))
    return executor.execute(diff(BARE_HOST, bundle(2), KNOWN).flatMap(effectsOf)).then(
      () => null,
      (error: unknown) => error,
    )
  }

  it.each([
    ['ip', /nexthop/],
    ['wireguard-go', /xargs .*wireguard-go/],
    ['wireguard-go', /uapi mole1/],
    ['nft', /nft/],
  ])('of %s, it names the program and says what to do', async (program, failing) => {
    expect(await execute(failing)).toMatchObject({
      name: 'MoleError',
      data: { field: program, nextStep: expect.stringContaining('mole doctor') },
    })
  })

  it('of a route, it says which congestion control the kernel lacks', async () => {
    const system = makeFakeSystem(sysctlFiles(BARE_HOST))
    // As `ip` 6.1 says it on kernel 6.18, of the line that it names.
    const run: typeof system.runner.run = async (program, _argv, { input = '' } = {}) => {
      const at = program === 'ip' ? input.split('\n').findIndex((line) => line.includes('congctl')) : -1
      const stderr = `Error: Unknown tcp congestion algorithm.\nCommand failed -:${at + 1}\n`
      return at < 0 ? { stdout: '', stderr: '', code: 0 } : { stdout: '', stderr, code: 1 }
    }
    const executor = makeExecutor({ ...system, runner: { ...system.runner, run } }, fakeKeys(KNOWN.publicKeyOf))
    const effects = diff(BARE_HOST, bundle(1, { congestion: 'bbr' }), KNOWN).flatMap(effectsOf)
    await expect(executor.execute(effects)).rejects.toMatchObject({
      message: expect.stringContaining('"bbr"'),
      data: { field: 'mptcp.congestion', nextStep: expect.stringContaining('modprobe tcp_bbr') },
    })
  })

  it('undoes as much as can be undone and says what could not', async () => {
    const system = makeFakeSystem(sysctlFiles(BARE_HOST), /nft/)
    const undo = undoAll(diff(BARE_HOST, bundle(1), KNOWN)).flatMap(effectsOf)
    const failures = await makeExecutor(system, fakeKeys(KNOWN.publicKeyOf)).executeTolerantly(undo)
    expect(failures).toHaveLength(1)
    expect(system.transcript()).toContain('link delete dev mole1')
  })
})
