import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { MoleError } from '../contract/errors.ts'
import { buildProgram } from './program.ts'
import { fakeEngine } from './testing/fake-engine.ts'
import { fakeWorld, mole } from './testing/fake-world.ts'
import { examplesOf } from './verb.ts'

const commandsOf = (program = buildProgram({ world: fakeWorld(null), exitWith: () => {} }, '0')) => [
  program,
  ...program.commands,
  ...program.commands.flatMap(({ commands }) => commands),
]

describe('the command line', () => {
  it('shows help without arguments, and on --help, on stdout', async () => {
    for (const command of ['', '--help', 'help', 'help help']) {
      const { code, out, err } = await mole(command, fakeWorld(null))
      expect([code, err]).toEqual([0, ''])
      expect(out).toContain('Exit codes:\n    0  done')
    }
    const lab = await mole('lab', fakeWorld(null))
    expect([lab.code, lab.err]).toEqual([0, ''])
    expect(lab.out).toContain('Usage: mole lab')
  })

  it('shows the help of a verb of a group too, and refuses that of a verb there is not', async () => {
    const shown = await mole('help config show', fakeWorld(null))
    expect([shown.code, shown.err]).toEqual([0, ''])
    expect(shown.out).toContain('Usage: mole config show')
    for (const [command, said] of [
      ['help conect', 'Did you mean "connect"?'],
      ['help config shwo', 'There is no verb "mole config shwo".'],
      ['help connect nope', 'There is no verb "mole connect nope".'],
    ] as const) {
      const { code, out, err } = await mole(command, fakeWorld(null))
      expect([code, out], command).toEqual([2, ''])
      expect(err).toContain(said)
    }
    expect(JSON.parse((await mole('help nope --json', fakeWorld(null))).out)).toMatchObject({ ok: false })
  })

  it('prints its version', async () => {
    expect(await mole('--version', fakeWorld(null))).toEqual({ code: 0, out: '0.1.0\n', err: '' })
  })

  /** Every verb as it is given: `lab traffic`. */
  const verbs = (
    command = buildProgram({ world: fakeWorld(null), exitWith: () => {} }, '0'),
    before = '',
  ): string[] => [
    // One that others are below may do something by itself.
    ...(command.commands.length === 0 || examplesOf(command).length > 0 ? [before.trim()] : []),
    ...command.commands.flatMap((each) => verbs(each, `${before} ${each.name()}`)),
  ]

  it('has every verb of the specification', () => {
    const specified = ['init', 'probe', 'up', 'multi-up', 'status', 'monitor', 'scale', 'optimize', 'create-profile']
    expect(verbs()).toEqual(expect.arrayContaining([...specified, 'connect', 'down']))
  })

  it('has every verb and every option of a plan in docs/cli.md', () => {
    const page = readFileSync(new URL('../docs/cli.md', import.meta.url), 'utf8')
    for (const verb of verbs()) {
      const [group = '', own = ''] = verb.split(' ')
      const told = verb.replace(/^(profiles|probes) list/, '$1 [list]')
      expect(page, verb).toMatch(new RegExp(`\\b${told.replaceAll(/[[\]]/g, '\\$&')}\\b|\`${group}\`.*\`${own}\``))
    }
    const up = commandsOf().find((command) => command.name() === 'up')
    for (const { long, helpGroupHeading } of up?.options ?? [])
      if (helpGroupHeading !== undefined) expect(page).toContain(`| \`${long}`)
  })

  it.each(verbs())('has help with examples and --json for %s', async (verb) => {
    const { code, out } = await mole(`${verb} --help`, fakeWorld(null))
    expect(code).toBe(0)
    expect(out).toContain('Examples:\n  ')
    expect(out).toContain('--json')
    expect(out).not.toContain('--detached')
  })

  it('gives examples whose verbs and options there are', async () => {
    for (const verb of verbs()) {
      const { out } = await mole(`${verb} --help`, fakeWorld(null))
      const examples = out.slice(out.indexOf('Examples:')).match(/mole [a-z-]+[^|>#<"\n]*/g) ?? []
      expect(examples, verb).not.toEqual([])
      for (const example of examples) {
        const words = example
          .trim()
          .replace(/^mole (profiles|probes)(?= --|$)/, 'mole $1 list')
          .split(/ +/)
          .slice(1)
        const own = words.includes('--') ? words.slice(0, words.indexOf('--')) : words
        expect(
          verbs().some((each) => `${own.join(' ')} `.startsWith(`${each} `)),
          example,
        ).toBe(true)
        const help = (await mole([...own.filter((word) => !word.startsWith('-')), '--help'], fakeWorld(null))).out
        for (const option of own.filter((word) => /^--?[a-z]/.test(word))) expect(help, example).toContain(option)
      }
    }
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
    ['conect x', "unknown command 'conect' (Did you mean connect?)"],
    ['config chekc x', "unknown command 'chekc' (Did you mean check?)"],
    ['up --tunels 4', "unknown option '--tunels' (Did you mean --tunnels?)"],
    ['status now', 'too many arguments'],
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

  it.each([
    ['init --region mars', 2, '--region mars: must be a region'],
    ['init --profile [x]', 2, '--profile [x]: must be the name of a profile'],
    ['multi-up --tunnels 0', 2, '--tunnels 0: must be at least 1'],
    ['multi-up --strategy best', 2, '--strategy best: must be "roundrobin"'],
  ])('answers "%s" with %i and what is wrong', async (command, expected, message) => {
    const { code, out, err } = await mole(command, fakeWorld(null))
    expect([code, out]).toEqual([expected, ''])
    expect(err).toContain(message)
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
