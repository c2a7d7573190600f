import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MoleError } from '../../contract/errors.ts'
import type { ProbeReport } from '../../domain/probe/report.ts'
import { summarise } from '../../domain/probe/summarise.ts'
import { failedPart, partOf, reportOf } from '../../e2e/support/fake-probe.ts'
import { fakeEngine, refusing } from '../testing/fake-engine.ts'
import { fakeWorld, mole } from '../testing/fake-world.ts'
import type { World } from '../world.ts'

const DONE = reportOf()
const RUNNING = reportOf({ state: 'running', endedAtMs: null, bandwidth: partOf('bandwidth', 0.4), analysis: null })
const PROBLEM = {
  message: 'iperf3 is not installed.',
  meaning: 'Bandwidth cannot be measured.',
  nextStep: 'Install it.',
}
const PARTLY = reportOf({ mtu: failedPart('mtu', PROBLEM), bandwidth: failedPart('bandwidth', PROBLEM) })
const CANCELLED = reportOf({ state: 'cancelled' })

const engineThat = (...states: ProbeReport[]) =>
  fakeEngine(undefined, {
    'probe.start': async () => ({ id: DONE.id }),
    'probe.cancel': async () => ({}),
    'probe.read': async () => DONE,
    'probe.delete': async () => ({}),
    'probe.review': async () => ({
      resources: [{ kind: 'instance', name: 't4g.small', detail: 'in us-west-2' }],
      costUsdPerHour: 0.02,
      costNote: 'prices of 2026-11-21',
      warnings: [],
    }),
    'probe.watch': async function* () {
      yield* states.map((each) => ({ ...each, id: DONE.id }))
    },
    'probe.history': async function* () {
      yield states.map(summarise)
    },
  })

const asked = (engine: ReturnType<typeof fakeEngine>, method: string): unknown[] =>
  engine.calls.filter(([name]) => name === method).map(([, input]) => input)

describe('mole probe', () => {
  it('tells how far it is on stderr, and on stdout what was found, from where each number is, and what follows', async () => {
    const engine = engineThat(RUNNING, DONE)
    const { code, out, err } = await mole('probe iperf.example.edu --streams 1,2 --duration 3s', fakeWorld(engine))
    expect(code).toBe(0)
    expect(asked(engine, 'probe.start')).toMatchObject([
      { target: { kind: 'host', host: 'iperf.example.edu' }, streams: [1, 2], seconds: 3 },
    ])
    expect(err).toContain('Measuring towards iperf.example.edu.\nBandwidth: 4 runs of 3 s, about')
    expect(err).toContain('✓ Path MTU: 1500 bytes')
    expect(err.match(/✓ Path MTU/g)).toHaveLength(1)
    expect(out).toContain('1500 bytes pass; the path says that larger ones are too big. [1]')
    expect(out).toMatch(/\[1\] measured .* by mole 0\.1\.0: 14 sizes of UDP echo/)
    expect(out).toMatch(/Transmit ring +– Only root may read/)
    expect(out).toMatch(/a limit for each flow \(upload, high confidence\): Each flow is held to/)
    expect(out).toContain('MTU inside the tunnels: 1440 bytes (tunnel.mtu)')
    expect(err).toContain(`mole probes show ${DONE.id}`)
  })

  it('gives programs the whole report', async () => {
    const { code, out, err } = await mole('probe --lab --json --quiet', fakeWorld(engineThat(DONE)))
    expect([code, err]).toEqual([0, ''])
    expect(JSON.parse(out)).toMatchObject({ version: 1, ok: true, probe: { id: DONE.id }, files: [] })
  })

  it('of which a part failed says why, reports the others, and ends with 6', async () => {
    const { code, out, err } = await mole('probe x.example', fakeWorld(engineThat(PARTLY)))
    expect(code).toBe(6)
    expect(err).toContain('✗ Bandwidth: iperf3 is not installed.')
    expect(err).toContain(
      'mole: Not everything could be measured: path MTU, bandwidth.\n  iperf3 is not installed. Bandwidth',
    )
    expect(err).toContain('Next: Install it.')
    expect(out).toContain('median 30.6 ms')
    expect(out).toContain('  Bandwidth cannot be measured.\n  Next: Install it.')
  })

  it('says nothing of what limits where no bandwidth was asked for', async () => {
    const quick = { ...DONE, bandwidth: { ...DONE.bandwidth, state: 'left-out' as const, result: null } }
    const { out } = await mole('probe x.example --quick', fakeWorld(engineThat(quick)))
    expect(out).not.toContain('What limits')
    expect(out).toContain('What to deploy')
  })

  it('says once why nobody answered', async () => {
    const problem = { message: 'x.example does not answer.', meaning: null, nextStep: 'Start it.' }
    const { result } = DONE.latency
    const latency = {
      ...DONE.latency,
      problem,
      result: result && { ...result, target: null, problem: problem.message },
    }
    const { out } = await mole('probe x.example', fakeWorld(engineThat({ ...DONE, latency })))
    expect(out.match(/x\.example does not answer\./g)).toHaveLength(1)
    expect(out).toContain('  x.example does not answer.\n  Next: Start it.')
  })

  it('is cancelled by Ctrl-C, and keeps what it had found', async () => {
    const engine = engineThat()
    let cancelled = (): void => {}
    const isCancelled = new Promise<void>((resolve) => {
      cancelled = resolve
    })
    const world = fakeWorld(
      fakeEngine(undefined, {
        'probe.start': async () => ({ id: DONE.id }),
        'probe.cancel': async () => {
          cancelled()
          return {}
        },
        'probe.watch': async function* () {
          yield { ...RUNNING, id: DONE.id }
          world.interrupt()
          await isCancelled
          yield { ...CANCELLED, id: DONE.id }
        },
      }),
    )
    const { code, out, err } = await mole('probe x.example', world)
    expect(engine.calls).toEqual([])
    expect(code).toBe(130)
    expect(err).toContain('Cancelling; what was found is kept.')
    expect(err).toContain('The probe was cancelled.')
    expect(out).toContain('1500 bytes pass')
  })

  it('never ends the probe of somebody else by Ctrl-C: until its own has begun nothing is cancelled', async () => {
    const world = fakeWorld(null)
    const engine = fakeEngine(undefined, {
      'probe.start': async () => {
        world.interrupt()
        world.interrupt()
        throw new MoleError('conflict', 'A probe is running already.')
      },
    })
    const { code, err } = await mole('probe x.example', { ...world, engine: fakeWorld(engine).engine })
    expect([code, engine.calls.map(([name]) => name)]).toEqual([4, ['probe.start']])
    expect(err).toContain('A probe is running already.')
  })

  it('is left to the engine at the second Ctrl-C', async () => {
    const world = fakeWorld(
      fakeEngine(undefined, {
        'probe.start': async () => ({ id: DONE.id }),
        'probe.cancel': async () => ({}),
        'probe.watch': async function* (_, { signal }) {
          yield { ...RUNNING, id: DONE.id }
          world.interrupt()
          world.interrupt()
          await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
        },
      }),
    )
    const { code, err } = await mole('probe x.example', world)
    expect(code).toBe(130)
    expect(err).toContain('Left: the engine ends the probe in the background.')
  })

  it('of another that began meanwhile shows nothing: its own is read', async () => {
    const engine = fakeEngine(undefined, {
      'probe.start': async () => ({ id: DONE.id }),
      'probe.watch': async function* () {
        yield reportOf({ id: 'probe-20300101-000000-000000', targetName: 'somewhere else' })
      },
      'probe.read': async () => DONE,
    })
    const { code, out } = await mole('probe x.example', fakeWorld(engine))
    expect(code).toBe(0)
    expect(out).not.toContain('somewhere else')
  })

  it('in AWS shows what it makes and costs, and asks before anything is made', async () => {
    const [yes, no, nobody] = [engineThat(DONE), engineThat(DONE), engineThat(DONE)]
    const answering = (answer: boolean): Partial<World> => ({ isInteractive: true, confirm: async () => answer })
    const agreed = await mole('probe --aws --region us-west-2', fakeWorld(yes, {}, answering(true)))
    expect(agreed.code).toBe(0)
    expect(agreed.err).toMatch(/t4g\.small.*\nCost: \$0\.0200 an hour \(prices of 2026-11-21\)/)
    expect(asked(yes, 'probe.start')).toMatchObject([{ target: { kind: 'aws', region: 'us-west-2' } }])
    expect((await mole('probe --aws --region us-west-2', fakeWorld(no, {}, answering(false)))).code).toBe(130)
    const silent = await mole('probe --aws --region us-west-2', fakeWorld(nobody))
    expect([silent.code, silent.err.includes('--yes was not given')]).toEqual([2, true])
    expect([...asked(no, 'probe.start'), ...nobody.calls]).toEqual([])
  })

  it('of what is up says what is billed, and asks nothing', async () => {
    const target = { kind: 'deployment', host: null, iperf3Port: 5201, echoPort: 7011 } as const
    const engine = fakeEngine(undefined, {
      'probe.start': async () => ({ id: DONE.id }),
      'probe.watch': async function* () {
        yield { ...DONE, request: { ...DONE.request, target } }
      },
      'probe.review': async () => ({
        resources: [],
        costUsdPerHour: 0,
        costNote: 'Data out is billed.',
        warnings: ['One tunnel.'],
      }),
    })
    const { code, out, err } = await mole('probe --deployment', fakeWorld(engine))
    expect(code).toBe(0)
    // What went through tunnels is inside them already.
    expect(out).not.toContain('Inside a tunnel')
    expect(err).toContain('Data out is billed.\nWarning: One tunnel.\n')
  })

  it('writes a page and a document where asked', async () => {
    const written: [string, string, string][] = []
    const writeNewFiles: World['writeNewFiles'] = async (directory, files) => {
      for (const { name, text } of files) written.push([directory, name, text.slice(0, 15)])
      return files.map(({ name }) => `${directory}/${name}`)
    }
    const world = fakeWorld(engineThat(DONE), {}, { writeNewFiles })
    const { code, err } = await mole('probe x.example --html out/report.html --save-results', world)
    expect(code).toBe(0)
    expect(written).toEqual([
      ['out', 'report.html', expect.stringMatching(/^<!doctype html>/i)],
      ['.', `${DONE.id}.json`, expect.stringMatching(/^\{\n {2}"version"/)],
    ])
    expect(err).toContain('Written: out/report.html')
  })

  it('that would write over a file is refused before anything is measured', async () => {
    const engine = engineThat(DONE)
    // Any that is there: of the panel.
    const page = join(import.meta.dirname, '../../renderer/index.html')
    const { code, err } = await mole(['probe', 'x.example', '--html', page], fakeWorld(engine))
    expect([code, engine.calls]).toEqual([4, []])
    expect(err).toContain('it is there already.')
  })

  it('whose file cannot be written still tells what was found', async () => {
    const world = fakeWorld(engineThat(DONE), {}, { writeNewFiles: refusing('conflict', 'x.html is there already.') })
    const { code, out, err } = await mole('probe x.example --html x.html', world)
    expect(code).toBe(4)
    expect(out).toContain('1500 bytes pass')
    expect(err).toContain(`mole probes show ${DONE.id}, with --html FILE or --save-results FILE`)
  })

  it('without anything to measure towards looks at this machine and the regions, and says what more there is', async () => {
    const engine = engineThat(reportOf({ request: { ...DONE.request, target: { kind: 'none' } } }))
    const { code, err } = await mole('probe --region us-west-2', fakeWorld(engine))
    expect(code).toBe(0)
    expect(asked(engine, 'probe.start')).toMatchObject([{ target: { kind: 'none' }, regions: ['us-west-2'] }])
    expect(err).toContain('Looking at this machine, and how far us-west-2 is.\n')
    expect(err).toContain('  mole probe --aws --region REGION')
  })

  it.each([
    ['probe --save-results dtn.example.org', 'must be a file whose name ends with .json'],
    ['probe x --html page', 'must be a file whose name ends with .html'],
    ['probe x --streams 0', '--streams 0: must be at least 1'],
    ['probe x y', 'too many arguments'],
    ['probe --region somewhere', '--region somewhere: must be'],
    ['probe --lab-condition ratte=5', 'Did you mean "rate"?'],
  ])('refuses "%s" before anything is asked', async (line, said) => {
    const engine = engineThat(DONE)
    const { code, err } = await mole(line, fakeWorld(engine))
    expect(code).toBe(2)
    expect(err).toContain(said)
    expect(engine.calls).toEqual([])
  })
})

describe('mole probe answer', () => {
  const answering = (code: number, ...events: object[]) => {
    const ran: (readonly string[])[] = []
    const answerProbes: World['answerProbes'] = async (argv, onLine) => {
      ran.push(argv)
      for (const event of events) onLine(JSON.stringify(event))
      return code
    }
    return { ran, world: fakeWorld(null, {}, { answerProbes }) }
  }

  it('says where it answers, and what to type on the other side', async () => {
    const { ran, world } = answering(0, { kind: 'answering', echoPort: 7011, iperf3Port: 5202 })
    const { code, out } = await mole('probe answer --iperf3-port 5202', world)
    expect(code).toBe(0)
    expect(ran).toEqual([['--echo-port', '7011', '--iperf3-port', '5202']])
    expect(out).toContain('UDP port 7011')
    expect(out).toContain('mole probe THIS-HOST --iperf3-port 5202\n')
  })

  it('tells what it cannot serve, and is a failure where that is all', async () => {
    const problem = { kind: 'problem', of: 'iperf3', problem: PROBLEM }
    const half = answering(0, problem, { kind: 'answering', echoPort: 7011, iperf3Port: null })
    const one = await mole('probe answer', half.world)
    expect([one.code, one.err.includes('iperf3 is not installed.'), one.out.includes('5201')]).toEqual([0, true, false])
    expect((await mole('probe answer --no-echo', answering(0, problem).world)).code).toBe(3)
    expect((await mole('probe answer --json', answering(1).world)).code).toBe(1)
    // One object, whatever lacks.
    for (const [events, expected] of [
      [
        [problem, { kind: 'answering', echoPort: 7011, iperf3Port: null }],
        { ok: true, echoPort: 7011, iperf3Port: null },
      ],
      [[{ ...problem, of: 'echo' }, problem], { ok: false, error: { message: PROBLEM.message } }],
    ] as const) {
      const { out, err } = await mole('probe answer --json', answering(0, ...events).world)
      expect(JSON.parse(out)).toMatchObject(expected)
      expect(err.match(/iperf3 is not installed\./g)).toHaveLength(events.length === 2 && !expected.ok ? 2 : 1)
    }
    // Ctrl-C before it has begun.
    expect(await mole('probe answer', answering(0).world)).toEqual({ code: 0, out: '', err: '' })
  })

  it.each([
    ['probe answer --no-echo --no-iperf3', 'leave nothing to answer'],
    ['probe answer --echo-port 70000', '--echo-port 70000: must be a whole number from 1 to 65535'],
  ])('refuses "%s"', async (line, said) => {
    const { code, err } = await mole(line, answering(0).world)
    expect([code, err.includes(said)]).toEqual([2, true])
  })
})

const OLDER = reportOf({ id: 'probe-20261120-080000-0a1b2c', targetName: 'elsewhere' })

describe('mole probes', () => {
  const kept = () => engineThat(DONE, OLDER)

  it('lists them, newest first', async () => {
    const { code, out } = await mole('probes', fakeWorld(kept()))
    expect(code).toBe(0)
    expect(out.split('\n').slice(1, 3)).toEqual([
      expect.stringMatching(new RegExp(`^${DONE.id} .* 1500 +30\\.6 ms .*a limit for each flow +done$`)),
      expect.stringMatching(/^probe-20261120-080000-0a1b2c .* elsewhere/),
    ])
    expect((await mole('probes', fakeWorld(engineThat()))).out).toContain('There are no probes.')
    expect(JSON.parse((await mole('probes --json', fakeWorld(kept()))).out).probes).toHaveLength(2)
  })

  it.each([
    ['latest', DONE.id],
    ['0a1b2c', OLDER.id],
    [OLDER.id, OLDER.id],
  ])('shows the one that is meant by %s', async (given, id) => {
    const engine = kept()
    const { code, out } = await mole(`probes show ${given}`, fakeWorld(engine))
    expect(code).toBe(0)
    expect(asked(engine, 'probe.read')).toEqual([{ id }])
    expect(out).toContain('What limits')
  })

  it('compares two', async () => {
    const engine = kept()
    const { code, out } = await mole('probes compare 0a1b2c latest', fakeWorld(engine))
    expect(code).toBe(0)
    expect(asked(engine, 'probe.read')).toEqual([{ id: OLDER.id }, { id: DONE.id }])
    expect(out).toMatch(/^Path MTU +1500 bytes +1500 bytes +same$/m)
  })

  it('deletes one, when sure', async () => {
    const engine = kept()
    expect((await mole('probes delete 0a1b2c', fakeWorld(engine))).code).toBe(2)
    expect((await mole('probes delete 0a1b2c --yes', fakeWorld(engine))).code).toBe(0)
    expect(asked(engine, 'probe.delete')).toEqual([{ id: OLDER.id }])
  })

  it.each([
    ['probes show nothing', 4, 'There is no probe "nothing".'],
    ['probes show c', 4, 'it takes the last 3 characters at least'],
    ['probes shwo x', 2, 'Did you mean "mole probes show"?'],
    ['probes show latest --save-results x.txt', 2, 'ends with .json'],
  ])('answers "%s" with %i', async (line, expected, said) => {
    const { code, err } = await mole(line, fakeWorld(kept()))
    expect([code, err]).toEqual([expected, expect.stringContaining(said)])
  })
})
