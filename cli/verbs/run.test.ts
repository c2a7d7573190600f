import { describe, expect, it } from 'vitest'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { connected, fakeEngine, NOTHING } from '../testing/fake-engine.ts'
import { fakeWorld, mole } from '../testing/fake-world.ts'
import type { World } from '../world.ts'

const withMptcp = (target: 'lab' | 'aws' = 'lab') => {
  const aws = { vpcId: 'vpc-12345', instanceTypes: ['c6gn.medium'] }
  const carriage = { mptcp: { strategy: 'roundrobin' } }
  const plan = DeploymentPlan.parse({ tunnels: 2, target, carriage, ...(target === 'aws' ? { aws } : {}) })
  return fakeEngine({ ...connected(2), plan })
}

const run = (engine: ReturnType<typeof fakeEngine>, more: Partial<World> = {}) => {
  const world = fakeWorld(engine, {}, more)
  return { world, done: mole(['run', '--', 'rsync', '-a', "it's here; rm", '--help'], world) }
}

describe('mole run', () => {
  it("runs the command by mptcpize, in the lab's network, word by word", async () => {
    const { world, done } = run(withMptcp())
    expect(await done).toMatchObject({ code: 0, err: '' })
    const [program, argv, env] = world.ran[0] as [string, string[], object]
    expect(program).toBe('nsenter')
    expect(argv.slice(0, 2)).toEqual(['--target', '31337'])
    expect(argv.slice(8)).toEqual(['/usr/bin/mptcpize', 'run', 'env', '--', 'rsync', '-a', "it's here; rm", '--help'])
    expect(env).toEqual({ GODEBUG: 'multipathtcp=1' })
  })

  it('runs it here where the bundle is of this machine', async () => {
    const { world, done } = run(withMptcp('aws'), { goDebug: 'netdns=go' })
    await done
    expect(world.ran).toEqual([
      [
        '/usr/bin/mptcpize',
        ['run', 'env', '--', 'rsync', '-a', "it's here; rm", '--help'],
        { GODEBUG: 'netdns=go,multipathtcp=1' },
      ],
    ])
  })

  it('ends with the exit code of the command', async () => {
    expect((await run(withMptcp(), { runHere: async () => 23 }).done).code).toBe(23)
  })

  it.each([
    ['nothing is up', fakeEngine(NOTHING), {}, /Nothing is up[\s\S]*mole up/],
    [
      'Multipath TCP is off',
      fakeEngine(connected(1)),
      {},
      /off in what is up[\s\S]*enable: true[\s\S]*MOLE_MPTCP_ENABLE=true mole up/,
    ],
    ['mptcpize is missing', withMptcp(), { findProgram: async () => null }, /"mptcpize" is not installed[\s\S]*relay/],
  ])('runs nothing, and says why, where %s', async (_, engine, more, words) => {
    const { world, done } = run(engine, more)
    const { code, err } = await done
    expect(code).not.toBe(0)
    expect(err).toMatch(words)
    expect(world.ran).toEqual([])
  })
})
