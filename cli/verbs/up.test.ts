import { describe, expect, it } from 'vitest'
import type { DeploymentView } from '../../contract/app.ts'
import { act, connected, fakeEngine, NOTHING, refusing, step } from '../testing/fake-engine.ts'
import { fakeWorld, mole } from '../testing/fake-world.ts'

const running: DeploymentView = {
  ...NOTHING,
  phase: 'deploying',
  act: act('deploy', 'running', [step('prepare-host', 'running')]),
}

const names = (calls: readonly [string, unknown][]): string[] => calls.map(([name]) => name)

describe('mole up', () => {
  it('reviews, makes and reports', async () => {
    const engine = fakeEngine()
    const { code, out, err } = await mole('up --tunnels 2 --yes', fakeWorld(engine))
    expect(code).toBe(0)
    expect(names(engine.calls)).toEqual([
      'deployment.review',
      'deployment.watch',
      'deployment.deploy',
      'deployment.watch',
    ])
    expect(engine.calls[2]?.[1]).toMatchObject({ plan: { target: 'lab', tunnels: 2 } })
    expect(err).toContain(
      'The plan:\n  bastion  lab-1  2 tunnels\nCost: $0.00 an hour (it runs on this machine)\nWarning: this is a test',
    )
    expect(out).toContain('Connected: lab, 2 tunnels on 1 bastion')
  })

  it('says of what is up already that it is, and asks nothing where nothing differs', async () => {
    const engine = fakeEngine(connected(2))
    const { code, err } = await mole('up --tunnels 2', fakeWorld(engine, {}, { isInteractive: true }))
    expect(code).toBe(0)
    expect(err).toMatch(
      /^Up already\. Connected: lab, 2 tunnels on 1 bastion.*\nNothing differs from what is asked for;/,
    )
    expect(err).not.toContain('The plan:')
    expect(names(engine.calls)).toContain('deployment.deploy')
  })

  it.each([
    [true, 0],
    [false, 130],
  ])(
    'shows of what is up already only what changes, and asks: the answer %s ends with %i',
    async (answer, expected) => {
      const engine = fakeEngine(connected(2))
      const asked: string[] = []
      const confirm = async (question: string) => {
        asked.push(question)
        return answer
      }
      const { code, err } = await mole('up --tunnels 4', fakeWorld(engine, {}, { isInteractive: true, confirm }))
      expect([code, asked]).toEqual([expected, ['Change it?']])
      expect(err).toContain('What changes:\n  deployment.tunnels: 2 → 4\nCost: $0.00 an hour')
      expect(names(engine.calls).includes('deployment.deploy')).toBe(answer)
    },
  )

  it('refuses before it asks where what is up cannot become what is asked for', async () => {
    const engine = fakeEngine(connected(2))
    const { code, err } = await mole('up --tunnels 2 --mtu 1380', fakeWorld(engine, {}, { isInteractive: true }))
    expect(code).toBe(4)
    expect(err).toContain('is up (it differs in: tunnel.mtu)')
    expect(names(engine.calls)).not.toContain('deployment.deploy')
  })

  it('prints one JSON object on stdout and nothing else there', async () => {
    const { code, out } = await mole('up --yes --json', fakeWorld(fakeEngine()))
    expect(code).toBe(0)
    expect(out.trim().split('\n')).toHaveLength(1)
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      ok: true,
      deployment: { phase: 'connected', tunnels: [{}, {}, {}, {}] },
    })
  })

  it('says nothing but the outcome with --quiet', async () => {
    expect((await mole('up --yes --quiet', fakeWorld(fakeEngine()))).err).toBe('')
  })

  it('starts an engine where none runs', async () => {
    const world = fakeWorld(fakeEngine(), { isRunning: false })
    expect((await mole('up --yes', world)).code).toBe(0)
    expect(world.started).toEqual(['engine'])
  })

  it('refuses to ask where nobody is there, before anything is started', async () => {
    const world = fakeWorld(fakeEngine(), { isRunning: false })
    const { code, err } = await mole('up', world)
    expect(code).toBe(2)
    expect(err).toContain('--yes')
    expect(world.started).toEqual([])
  })

  it('makes what the specification asks for in AWS', async () => {
    const engine = fakeEngine(NOTHING, { 'deployment.deploy': refusing('capacity', 'AWS has no room.') })
    const { code } = await mole('up --vpc vpc-12345 --tunnels 4 --instance-type c6gn.medium --yes', fakeWorld(engine))
    expect(code).toBe(8)
    expect(engine.calls.at(-1)).toMatchObject([
      'deployment.deploy',
      { plan: { target: 'aws', tunnels: 4, aws: { vpcId: 'vpc-12345', instanceTypes: ['c6gn.medium'] } }, id: null },
    ])
  })

  it.each([
    [false, 130],
    [null, 130],
    [true, 0],
  ])('asks on a terminal: the answer %s ends with %i', async (answer, expected) => {
    const engine = fakeEngine()
    const world = fakeWorld(engine, {}, { isInteractive: true, confirm: async () => answer })
    expect((await mole('up', world)).code).toBe(expected)
    expect(names(engine.calls).includes('deployment.deploy')).toBe(answer === true)
  })

  it('refuses a bad plan before anything is started', async () => {
    const world = fakeWorld(fakeEngine(), { isRunning: false })
    expect((await mole('up --tunnels 99 --yes', world)).code).toBe(2)
    expect(world.started).toEqual([])
  })

  it('ends with the reason of a failed deployment, also in JSON', async () => {
    const problem = { code: 'timeout' as const, message: 'No echo came back.', data: { nextStep: 'Try again.' } }
    const engine = fakeEngine(NOTHING, {
      'deployment.deploy': async () => {
        engine.views.set({
          ...NOTHING,
          phase: 'none',
          problem,
          act: act('deploy', 'failed', [step('verify', 'failed', { problem })]),
        })
        return { id: 'lab-1' }
      },
    })
    const { code, out, err } = await mole('up --yes --json', fakeWorld(engine))
    expect(code).toBe(6)
    expect(JSON.parse(out)).toMatchObject({ version: 1, ok: false, error: problem, deployment: { phase: 'none' } })
    expect(err).toContain('✗ Do verify')
    expect(err).toContain('mole: No echo came back.')
  })

  it('counts a degraded deployment as not whole', async () => {
    const engine = fakeEngine(NOTHING, {
      'deployment.deploy': async () => {
        engine.views.set({ ...connected(2), phase: 'degraded' })
        return { id: 'lab-1' }
      },
    })
    expect((await mole('up --yes', fakeWorld(engine))).code).toBe(6)
  })

  it('cancels and rolls back on Ctrl-C, after telling', async () => {
    const engine = fakeEngine(NOTHING, {
      'deployment.deploy': async () => {
        engine.views.set(running)
        setTimeout(() => world.interrupt(), 5)
        return { id: 'lab-1' }
      },
      'deployment.cancel': async () => {
        engine.views.set({ ...NOTHING, act: act('deploy', 'cancelled') })
        return {}
      },
    })
    const world = fakeWorld(engine)
    const { code, err } = await mole('up --yes', world)
    expect(code).toBe(130)
    expect(err).toContain('Cancelling, and taking back what was made. Press Ctrl-C again')
    expect(err).toContain('nothing is left')
  })

  it('cancels also when Ctrl-C came before the act had begun', async () => {
    let begun = false
    const engine = fakeEngine(NOTHING, {
      'deployment.deploy': async () => {
        world.interrupt()
        await new Promise((resolve) => setTimeout(resolve, 5))
        begun = true
        engine.views.set(running)
        return { id: 'lab-1' }
      },
      'deployment.cancel': async () => {
        if (!begun) return refusing('conflict', 'Nothing is going on.')()
        engine.views.set({ ...NOTHING, act: act('deploy', 'cancelled') })
        return {}
      },
    })
    const world = fakeWorld(engine)
    expect((await mole('up --yes', world)).code).toBe(130)
  })

  it('leaves the roll-back to the engine on a second Ctrl-C, and says how to go on', async () => {
    const engine = fakeEngine(NOTHING, {
      'deployment.deploy': async () => {
        engine.views.set(running)
        setTimeout(() => {
          world.interrupt()
          world.interrupt()
        }, 5)
        return { id: 'lab-1' }
      },
    })
    const world = fakeWorld(engine)
    const { code, err } = await mole('up --yes', world)
    expect(code).toBe(130)
    expect(err).toContain('"mole status" shows how far it is')
  })

  it('says what to do when the engine dies in the middle', async () => {
    const engine = fakeEngine(NOTHING, {
      'deployment.deploy': async () => {
        engine.views.set(running)
        setTimeout(engine.die, 5)
        return { id: 'lab-1' }
      },
    })
    const { code, err } = await mole('up --yes', fakeWorld(engine))
    expect(code).toBe(5)
    expect(err).toContain('Give the same command again: it goes on from there.')
  })
})
