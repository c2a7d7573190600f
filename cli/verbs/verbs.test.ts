import { describe, expect, it } from 'vitest'
import type { DeploymentView, TrafficState } from '../../contract/app.ts'
import { act, connected, fakeEngine, refusing } from '../testing/fake-engine.ts'
import { fakeWorld, mole } from '../testing/fake-world.ts'

describe('mole status', () => {
  it('starts nothing where nothing is', async () => {
    const world = fakeWorld(fakeEngine(), { isRunning: false })
    const { code, out } = await mole('status --json', world)
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual({
      version: 1,
      ok: true,
      engine: null,
      deployment: null,
      telemetry: null,
      autoscale: null,
    })
    expect(world.started).toEqual([])
  })

  it('starts an engine to look where something is on record', async () => {
    const world = fakeWorld(fakeEngine(connected(1)), { isRunning: false, isAnythingLeft: true })
    expect((await mole('status', world)).out).toContain('Connected: lab, 1 tunnel on 1 bastion')
    expect(world.started).toEqual(['engine'])
  })

  it('shows each tunnel with its measurements, and a dash for what was not measured', async () => {
    const { code, out } = await mole('status', fakeWorld(fakeEngine(connected(2))))
    expect(code).toBe(0)
    expect(out).toMatch(/^1 +up +0\.40 ms +0 % +183 Mbit\/s +2\.0 Mbit\/s +12 s ago +– +203\.0\.113\.10:51821$/m)
    expect(out).toMatch(/^2 +up +– +– +– +– +– +– +203\.0\.113\.10:51822$/m)
  })

  it("shows the profile's name", async () => {
    const { out } = await mole('status', fakeWorld(fakeEngine({ ...connected(2), profile: 'research-vpc' })))
    expect(out).toContain('Connected: lab, 2 tunnels on 1 bastion by profile research-vpc')
  })

  it.each<DeploymentView['phase']>(['degraded', 'failed', 'detached'])(
    'ends with 6 when %s, and says why',
    async (phase) => {
      const problem = { code: 'drift' as const, message: 'Tunnel 2 is silent.', data: { nextStep: 'Wait.' } }
      const { code, out } = await mole('status', fakeWorld(fakeEngine({ ...connected(2), phase, problem })))
      expect(code).toBe(6)
      expect(out).toContain('Tunnel 2 is silent.\nNext: Wait.')
    },
  )

  it('does not take what was tried and taken back for something deployed', async () => {
    const view = { ...connected(2), phase: 'none' as const, bastions: [], tunnels: [] }
    expect((await mole('status', fakeWorld(fakeEngine(view)))).out).toBe('Nothing is deployed.\n')
  })

  it('prints no escape sequence that came from elsewhere', async () => {
    const view = connected(1)
    const hostile = {
      ...view,
      tunnels: view.tunnels.map((tunnel) => ({ ...tunnel, endpoint: 'x\u001b]0;owned\u0007' })),
    }
    expect((await mole('status', fakeWorld(fakeEngine(hostile)))).out).not.toContain('\u001b')
  })
})

describe('mole down', () => {
  it('is quick and starts nothing where nothing is left', async () => {
    const world = fakeWorld(fakeEngine(), { isRunning: false })
    const { code, out } = await mole('down --json', world)
    expect([code, world.started]).toEqual([0, []])
    expect(JSON.parse(out)).toMatchObject({ version: 1, ok: true, deployment: null })
  })

  it('tears down through the running engine, and leaves it running', async () => {
    const engine = fakeEngine(connected(2))
    const { code, out } = await mole('down', fakeWorld(engine))
    expect([code, out]).toEqual([0, 'Nothing is deployed, and nothing is left.\n'])
    expect(engine.calls.map(([name]) => name)).not.toContain('engine.stop')
  })

  it('ends an engine that it had to start, and waits until it is gone', async () => {
    const engine = fakeEngine(connected(2))
    const world = fakeWorld(engine, { isRunning: false, isAnythingLeft: true })
    expect((await mole('down', world)).code).toBe(0)
    expect(world.started).toEqual(['engine', 'waited for 4242'])
  })

  it('--cleanup-all looks even where nothing is on record; --force changes nothing', async () => {
    const engine = fakeEngine()
    const world = fakeWorld(engine, { isRunning: false })
    expect((await mole('down --force --cleanup-all', world)).code).toBe(0)
    expect(world.started).toEqual(['engine', 'waited for 4242'])
    expect(engine.calls.map(([name]) => name)).toContain('deployment.teardown')
    const idle = fakeWorld(fakeEngine(), { isRunning: false })
    expect((await mole('down --force', idle)).code).toBe(0)
    expect(idle.started).toEqual([])
  })

  it('is what disconnect does too', async () => {
    const { code, out } = await mole('disconnect', fakeWorld(fakeEngine(connected(2))))
    expect([code, out]).toEqual([0, 'Nothing is deployed, and nothing is left.\n'])
  })

  it('says what is left when the teardown fails, and can be repeated', async () => {
    const problem = { code: 'helper-unreachable' as const, message: 'The helper does not answer.', data: {} }
    const engine = fakeEngine(connected(2), {
      'deployment.teardown': async () => {
        engine.views.set({ ...connected(2), phase: 'failed', problem, act: act('teardown', 'failed') })
        return {}
      },
    })
    const { code, out } = await mole('down --json', fakeWorld(engine))
    expect(code).toBe(6)
    expect(JSON.parse(out)).toMatchObject({ ok: false, error: { code: 'helper-unreachable' } })
  })
})

describe('mole scale', () => {
  it('asks for the number', async () => {
    const engine = fakeEngine(connected(4))
    const { code, out } = await mole('scale --tunnels 6', fakeWorld(engine))
    expect(code).toBe(0)
    expect(engine.calls).toContainEqual(['deployment.scale', { tunnels: 6, bastions: null }])
    expect(out).toContain('6 tunnels')
  })

  it('refuses a number outside the range the deployment was made with, naming the option', async () => {
    const view = connected(2)
    const plan = view.plan === null ? null : { ...view.plan, minTunnels: 2, maxTunnels: 4 }
    for (const tunnels of ['1', '5']) {
      const engine = fakeEngine({ ...view, plan })
      const { code, err } = await mole(`scale --tunnels ${tunnels}`, fakeWorld(engine))
      expect(code).toBe(2)
      expect(err).toContain(`--tunnels ${tunnels}: must be from 2 to 4`)
      expect(engine.calls.map(([name]) => name)).not.toContain('deployment.scale')
    }
  })

  it.each(['0', '65', 'x', '-1', '2.5'])('refuses %s', async (tunnels) => {
    const { code, err } = await mole(['scale', '--tunnels', tunnels], fakeWorld(fakeEngine(connected(4))))
    expect(code).toBe(2)
    expect(err).toContain(`--tunnels ${tunnels}: must be a whole number from 1 to 64`)
  })

  it('says so when nothing is deployed, and starts nothing', async () => {
    const { code, err } = await mole('scale --tunnels 4', fakeWorld(null))
    expect(code).toBe(4)
    expect(err).toContain('Next: Make some first: mole up')
  })
})

const REPORT = {
  kind: 'report',
  atMs: 2,
  seconds: 10,
  bytes: 229_250_000,
  bitsPerSecond: 183_400_000,
  retransmits: 3,
  tool: 'iperf 3.12',
} as const
const idle: TrafficState = {
  running: false,
  streams: 8,
  direction: 'upload',
  startedAtMs: 1,
  latestBitsPerSecond: null,
  report: null,
  problem: null,
}
const busy = { ...idle, running: true, latestBitsPerSecond: 1.5e8 }

describe('mole lab', () => {
  it('traffic shows intervals and the report of iperf3', async () => {
    const engine = fakeEngine(connected(4), {
      'traffic.start': async () => {
        engine.traffic.set(busy)
        setTimeout(() => engine.traffic.set({ ...idle, report: REPORT }), 5)
        return {}
      },
    })
    const { code, out, err } = await mole(
      'lab traffic --streams 16 --duration 10 --direction download',
      fakeWorld(engine),
    )
    expect(code).toBe(0)
    expect(engine.calls[0]).toEqual([
      'traffic.start',
      { protocol: 'tcp', streams: 16, durationSeconds: 10, direction: 'download' },
    ])
    expect(err).toBe('  150 Mbit/s\n')
    expect(out).toBe('183 Mbit/s over 10 s: 229 MB, 3 retransmits (measured by iperf 3.12)\n')
  })

  it('traffic stops on Ctrl-C and still tells what came of it', async () => {
    const engine = fakeEngine(connected(4), {
      'traffic.start': async () => {
        engine.traffic.set(busy)
        setTimeout(() => world.interrupt(), 5)
        return {}
      },
      'traffic.stop': async () => {
        engine.traffic.set(idle)
        return {}
      },
    })
    const world = fakeWorld(engine)
    const { code, out } = await mole('lab traffic --json', world)
    expect(code).toBe(130)
    expect(JSON.parse(out)).toMatchObject({ ok: false, error: { code: 'cancelled' } })
  })

  it('traffic passes on what failed', async () => {
    const engine = fakeEngine(connected(4), {
      'traffic.start': async () => {
        engine.traffic.set({ ...idle, problem: { code: 'missing-program', message: 'iperf3 is missing.', data: {} } })
        return {}
      },
    })
    expect((await mole('lab traffic', fakeWorld(engine))).code).toBe(3)
  })

  it.each([
    ['lab traffic --streams 0', '--streams 0: must be a whole number from 1 to 128'],
    ['lab traffic --duration 0', '--duration 0: must be'],
    ['lab traffic --direction both', '--direction both: must be upload'],
    ['lab break 0', '<tunnel> 0: must be a whole number from 1 to 64'],
    ['lab heal 1;reboot', '<tunnel> 1;reboot: must be'],
    ['lab traffic --protocol sctp', '--protocol sctp: must be tcp or mptcp'],
    ['lab condition 1 --loss 101%', '--loss 101%: must be'],
    ['lab condition 1 --loss 30', '--loss 30: must be a share'],
    ['lab condition 1 --delay 15', '--delay 15: must be a duration'],
    ['lab condition 1 --delay 2s', '--delay 2s: must be at most 1s'],
    ['lab condition 65', '<tunnel> 65: must be a whole number'],
  ])('refuses "%s"', async (command, expected) => {
    const { code, err } = await mole(command, fakeWorld(fakeEngine(connected(4))))
    expect(code).toBe(2)
    expect(err).toContain(expected)
  })

  it('break and heal name the tunnel and the way back', async () => {
    const engine = fakeEngine(connected(4))
    expect((await mole('lab break 2', fakeWorld(engine))).out).toContain('mole lab heal 2')
    expect((await mole('lab heal 2', fakeWorld(engine))).out).toContain('tunnel 2 is whole again')
    expect(engine.calls).toEqual([
      ['lab.path', { tunnel: 2, state: 'broken' }],
      ['lab.path', { tunnel: 2, state: 'healthy' }],
    ])
  })

  it('condition says what holds from now on, and how to end it', async () => {
    const engine = fakeEngine(connected(4))
    const poor = await mole('lab condition 2 --loss 30% --delay 15ms', fakeWorld(engine))
    expect(poor.out).toContain('loses 30 % of its packets and takes 15 ms longer each way')
    expect(poor.out).toContain('mole lab condition 2')
    expect((await mole('lab condition 2', fakeWorld(engine))).out).toContain('loses and delays nothing')
    expect((await mole('lab condition 2 --loss 0.5', fakeWorld(engine))).out).toContain('loses 50 %')
    expect(engine.calls).toEqual([
      ['lab.condition', { tunnel: 2, condition: { lossRatio: 0.3, delayMs: 15 } }],
      ['lab.condition', { tunnel: 2, condition: { lossRatio: 0, delayMs: 0 } }],
      ['lab.condition', { tunnel: 2, condition: { lossRatio: 0.5, delayMs: 0 } }],
    ])
  })

  it("shell enters the lab's namespaces by argv, with a prompt that says where one is", async () => {
    const world = fakeWorld(fakeEngine(connected(1)))
    expect((await mole('lab shell', world)).code).toBe(0)
    const [program, argv, env] = world.ran[0] as [string, string[], Record<string, string>]
    expect(program).toBe('nsenter')
    expect(argv.slice(0, 8)).toEqual([
      '--target',
      '31337',
      '--user',
      '--net',
      '--mount',
      '--pid',
      '--preserve-credentials',
      '--',
    ])
    expect(env.PS1).toContain('mole lab')
  })

  it('shell runs a command as it is given, and ends with its exit code', async () => {
    const world = fakeWorld(
      fakeEngine(connected(1)),
      {},
      {
        runHere: async (...call) => {
          world.ran.push(call)
          return 42
        },
      },
    )
    const { code, err } = await mole(['lab', 'shell', '--', 'sh', '-c', 'exit 42; #"$x"', '--help'], world)
    expect([code, err]).toEqual([42, ''])
    const [, argv] = world.ran[0] as [string, string[]]
    expect(argv.slice(8)).toEqual(['sh', '-c', 'exit 42; #"$x"', '--help'])
  })

  it('passes on that the lab is not there', async () => {
    const engine = fakeEngine(connected(1), {
      'lab.world': refusing('not-found', 'The lab is not up.', { nextStep: 'mole up' }),
    })
    expect((await mole('lab shell', fakeWorld(engine))).code).toBe(4)
  })
})

describe('mole panel and serve', () => {
  const url = `http://127.0.0.1:7777/#token=${'a'.repeat(64)}`

  it('panel prints a fresh address on stdout, and how to come from elsewhere on stderr', async () => {
    const { out, err } = await mole('panel', fakeWorld(fakeEngine()))
    expect(out).toBe(`${url}\n`)
    expect(err).toContain('ssh -L 7777:127.0.0.1:7777')
  })

  it('panel --open says so where there is no browser', async () => {
    const world = fakeWorld(fakeEngine(), {}, { openBrowser: async () => false })
    expect((await mole('panel --open', world)).err).toContain('There is no browser to open on this machine.')
  })

  it('serve refuses to be a second engine, and names the way to the first', async () => {
    const { code, err } = await mole('serve', fakeWorld(fakeEngine()))
    expect(code).toBe(4)
    expect(err).toContain('process 4242')
    expect(err).toContain('"mole panel" prints a fresh address')
  })

  it('serve prints its address and stays until it is interrupted', async () => {
    const ended = Promise.withResolvers<void>()
    const stopped: string[] = []
    const world = fakeWorld(
      null,
      {},
      {
        serve: async () => ({
          pid: 7,
          unixSocket: '/run/user/1/mole/panel.sock',
          link: async () => url,
          ended: ended.promise,
          stop: async () => {
            stopped.push('stop')
            ended.resolve()
          },
        }),
      },
    )
    const running = mole('serve --json', world)
    await expect.poll(() => world.err.join('')).toContain('ssh -L 8080:/run/user/1/mole/panel.sock')
    expect(JSON.parse(world.out.join(''))).toMatchObject({ ok: true, url, pid: 7 })
    world.interrupt()
    expect((await running).code).toBe(0)
    expect(stopped).toEqual(['stop'])
  })

  it('the detached engine prints nothing at all: its log must hold no link', async () => {
    const world = fakeWorld(
      null,
      {},
      {
        serve: async () => ({
          pid: 7,
          unixSocket: '/x',
          link: async () => url,
          ended: Promise.resolve(),
          stop: async () => {},
        }),
      },
    )
    expect(await mole('serve --detached --json --until-idle', world)).toEqual({ code: 0, out: '', err: '' })
  })

  it('serve --stop ends the engine and waits for it; again it has nothing to do', async () => {
    const world = fakeWorld(fakeEngine())
    expect(JSON.parse((await mole('serve --stop --json', world)).out)).toMatchObject({ ok: true, stopped: true })
    expect(world.started).toEqual(['waited for 4242'])
    expect(JSON.parse((await mole('serve --stop --json', fakeWorld(null))).out)).toMatchObject({
      ok: true,
      stopped: false,
    })
  })
})

describe('mole doctor', () => {
  const check = (state: 'ok' | 'missing') => ({
    id: 'wg',
    title: 'wg',
    state,
    detail: 'not installed',
    remedy: state === 'ok' ? null : 'sudo apt-get install wireguard-tools',
  })

  it('lists what is missing and how to get it, without an engine', async () => {
    const world = fakeWorld(null, {}, { observeDoctor: async () => [check('missing')] })
    const { code, out } = await mole('doctor', world)
    expect(code).toBe(3)
    expect(out).toBe('✗ wg: not installed\n    To get it: sudo apt-get install wireguard-tools\n1 thing is missing.\n')
  })

  it('ends with 0 when all is there', async () => {
    const world = fakeWorld(null, {}, { observeDoctor: async () => [check('ok')] })
    expect(JSON.parse((await mole('doctor --json', world)).out)).toMatchObject({ ok: true, healthy: true })
  })
})
