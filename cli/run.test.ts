import { describe, expect, it } from 'vitest'
import { MoleError } from '../contract/errors.ts'
import { buildProgram } from './program.ts'
import { fakeEngine } from './testing/fake-engine.ts'
import { fakeWorld, mole } from './testing/fake-world.ts'

const commandsOf = (program = buildProgram({ world: fakeWorld(null), exitWith: () => {} }, '0')) => [
  program,
  ...program.commands,
  ...program.commands.flatMap(({ commands }) => commands),
]

describe('the command line', () => {
  it('shows help without arguments, and on --help, on stdout', async () => {
    for (const command of ['', '--help', 'help']) {
      const { code, out, err } = await mole(command, fakeWorld(null))
      expect([code, err]).toEqual([0, ''])
      expect(out).toContain('Exit codes:\n    0  done')
    }
    const lab = await mole('lab', fakeWorld(null))
    expect([lab.code, lab.err]).toEqual([0, ''])
    expect(lab.out).toContain('Usage: mole lab')
  })

  it('prints its version', async () => {
    expect(await mole('--version', fakeWorld(null))).toEqual({ code: 0, out: '0.1.0\n', err: '' })
  })

  it.each([
    'up',
    'status',
    'scale',
    'down',
    'serve',
    'panel',
    'doctor',
    'lab traffic',
    'lab shell',
    'lab break',
    'lab heal',
  ])('has help with examples and --json for %s', async (verb) => {
    const { code, out } = await mole(`${verb} --help`, fakeWorld(null))
    expect(code).toBe(0)
    expect(out).toContain('Examples:\n  mole ')
    expect(out).toContain('--json')
    expect(out).not.toContain('--detached')
  })

  it('describes every command and option', () => {
    for (const command of commandsOf()) {
      expect(command.description(), command.name()).not.toBe('')
      for (const option of command.options) if (!option.hidden) expect(option.description, option.flags).not.toBe('')
    }
  })

  it.each([
    ['lab braek 2', "unknown command 'braek' (Did you mean break?)"],
    ['upp', "unknown command 'upp' (Did you mean up?)"],
    ['up --tunels 4', "unknown option '--tunels' (Did you mean --tunnels?)"],
    ['status now', 'too many arguments'],
    ['scale', "required option '--tunnels <n>' not specified"],
    ['up --tunnels', "option '--tunnels <n>' argument missing"],
    ['lab break', "missing required argument 'tunnel'"],
  ])('refuses "%s" with what is wrong and the next step', async (command, expected) => {
    const { code, out, err } = await mole(command, fakeWorld(null))
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(expected)
    expect(err).toContain('Next: Run "mole --help"')
  })

  it('prints usage errors as JSON too when asked for', async () => {
    const { code, out } = await mole('status --json --foo', fakeWorld(null))
    expect(code).toBe(2)
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      ok: false,
      error: { code: 'bad-input', data: { field: 'arguments' } },
    })
  })

  it('does not take the --json of a command for its own', async () => {
    const { out, err } = await mole(['lab', 'shell', '--', 'ip', '--json'], fakeWorld(null))
    expect(out).toBe('')
    expect(err).toContain('Nothing is deployed.')
  })

  it('tells the unforeseen without a stack, as internal', async () => {
    const world = fakeWorld(
      null,
      {},
      {
        observeDoctor: async () => {
          throw new TypeError('x is not a function')
        },
      },
    )
    const { code, out, err } = await mole('doctor --json', world)
    expect(code).toBe(1)
    expect(JSON.parse(out).error.code).toBe('internal')
    expect(err).not.toContain(' at ')
  })

  it('maps what the engine says to its exit code', async () => {
    const engine = fakeEngine(undefined, {
      'deployment.deploy': async () => {
        throw new MoleError('conflict', 'Another act is going on (deploy).', { nextStep: 'Wait.' })
      },
    })
    const { code, err } = await mole('up --yes', fakeWorld(engine))
    expect(code).toBe(4)
    expect(err).toContain('mole: Another act is going on (deploy).\n  Next: Wait.\n')
  })
})
