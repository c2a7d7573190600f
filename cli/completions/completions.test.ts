import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, type TestContext } from 'vitest'
import { CONFIG_KEYS } from '../../domain/config/keys.ts'
import { accountOfCommand, verbsWithin } from '../command-tree.ts'
import { buildProgram } from '../program.ts'
import { runCommandLine } from '../run.ts'
import { fakeWorld } from '../testing/fake-world.ts'
import { printed } from '../testing/printed.ts'

const TREE = accountOfCommand(buildProgram({ world: fakeWorld(null), exitWith: () => {} }, '1.2.3'))
const PROFILES = ['alpha', 'beta-lab']
const SHELLS = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof SHELLS)[number]

let directory = ''
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mole-'))
  mkdirSync(join(directory, 'bin'))
  mkdirSync(join(directory, 'files'))
  for (const name of ['plan a.yaml', 'plan-b.yaml']) writeFileSync(join(directory, 'files', name), '')
  mkdirSync(join(directory, 'files', 'plans'))
  // The program itself, as far as completions ask it for anything.
  const mole = join(directory, 'bin/mole')
  writeFileSync(mole, `#!/bin/sh\n[ "$1 $2" = 'profiles --names' ] && printf '%s\\n' ${PROFILES.join(' ')}\n`)
  chmodSync(mole, 0o755)
  for (const shell of SHELLS) writeFileSync(join(directory, shell), await printed('completion', shell))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const runShell = (shell: string, ...argv: readonly string[]): string =>
  execFileSync(shell, argv, {
    cwd: join(directory, 'files'),
    encoding: 'utf8',
    env: { PATH: `${join(directory, 'bin')}:${process.env.PATH}`, HOME: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
  })

const isInstalled = (shell: Shell): boolean => {
  try {
    runShell(shell, '-c', 'exit 0')
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '')

/** Completes a line, the last word of which is under the cursor, the way the shell calls for it. */
const COMPLETE: Readonly<Record<Shell, (words: readonly string[]) => string[]>> = {
  bash: (words) => {
    const script = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
      _mole mole "\${COMP_WORDS[COMP_CWORD]}"; printf '%s\\n' "\${COMPREPLY[@]}"`
    return linesOf(runShell('bash', '--norc', '--noprofile', '-c', script, join(directory, 'bash'), ...words))
  },
  // What zsh's completion system would be given; the system itself runs in a terminal only.
  zsh: (words) => {
    const script = `
      compdef() { : }
      offer() { local each; for each in "$@"; do [[ $each == \${word}* ]] && print -r -- $each; done }
      compset() { word=\${word#*=} }
      compadd() { shift; offer "$@" }
      _describe() { offer "\${(@)\${(P)@[-1]}%%:*}" }
      _files() { if [[ $1 == -/ ]]; then offer *(/N); else offer *(N); fi }
      _command_names() { offer nsenter }
      _call_program() { shift; "$@" }
      script=$1; shift; source $script
      words=("$@"); CURRENT=$#; _mole; exit 0`
    return linesOf(runShell('zsh', '-f', '-c', script, 'zsh', join(directory, 'zsh'), ...words))
  },
  fish: (words) => {
    const script = `source ${join(directory, 'fish')}; complete -C (string join ' ' -- $argv)`
    return linesOf(runShell('fish', '--no-config', '-c', script, '--', ...words)).map(
      (line) => line.split('\t')[0] as string,
    )
  },
}

const skipWithout = (shell: Shell, context: TestContext): void => {
  if (!isInstalled(shell)) context.skip(`${shell} is not installed on this machine: its completions are not tried`)
}

/** A line as it is typed so far, and all that can follow. */
const LINES: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ['mole con', ['connect', 'config']],
  ['mole lab ', ['traffic', 'shell', 'break', 'heal', 'condition', 'help']],
  ['mole lab he', ['heal', 'help']],
  ['mole help mon', ['monitor']],
  ['mole up --t', ['--target', '--tunnels']],
  ['mole up --target ', ['lab', 'aws']],
  ['mole up --target a', ['aws']],
  ['mole up --tunnels 4 --target l', ['lab']],
  ['mole up --target lab --tunnels ', []],
  ['mole multi-up --strategy r', ['roundrobin', 'redundant']],
  ['mole lab traffic --direction ', ['upload', 'download']],
  ['mole lab traffic --protocol ', ['tcp', 'mptcp']],
  ['mole connect ', PROFILES],
  ['mole probe --parts m', ['mtu']],
  ['mole probe a', ['answer']],
  ['mole probes show ', ['latest']],
  ['mole probe answer --no-', ['--no-echo', '--no-iperf3']],
  ['mole connect b', ['beta-lab']],
  ['mole connect alpha ', []],
  ['mole up --profile ', PROFILES],
  ['mole --help up --profile b', ['beta-lab']],
  ['mole profiles export al', ['alpha']],
  ['mole profiles rename alpha ', []],
  ['mole profiles --n', ['--names']],
  ['mole create-profile ', []],
  ['mole create-profile alpha --extends dt', ['dtn']],
  ['mole init --profile ', []],
  ['mole config explain tunnel.m', ['tunnel.max_tunnels', 'tunnel.min_tunnels', 'tunnel.mtu']],
  ['mole config show tunnel.mtu lab.', ['lab.path_rate']],
  ['mole completion ', SHELLS],
  ['mole up --file plan-', ['plan-b.yaml']],
  ['mole config check plan-b.yaml plan-', ['plan-b.yaml']],
  ['mole lab shell -- nsente', ['nsenter']],
  ['mole nonsense --', ['--version', '--help']],
]

const wordsOf = (line: string): string[] => line.split(' ')

describe.each(SHELLS)('in %s', (shell) => {
  it('every line is completed as it should be', { timeout: 60_000 }, (context) => {
    skipWithout(shell, context)
    for (const [line, offered] of LINES) expect(new Set(COMPLETE[shell](wordsOf(line))), line).toEqual(new Set(offered))
  })

  it('a value is completed within its option’s word', (context) => {
    skipWithout(shell, context)
    expect(COMPLETE[shell](wordsOf('mole up --target=l'))).toEqual([expect.stringMatching(/^(--target=)?lab$/)])
  })

  it('every verb, every option of each and every key is offered', { timeout: 60_000 }, (context) => {
    skipWithout(shell, context)
    for (const verb of verbsWithin(TREE)) {
      const names = verb.options.flatMap((option) => option.names).filter((name) => name.startsWith('--'))
      expect(COMPLETE[shell](wordsOf(`${verb.path} --`)), verb.path).toEqual(expect.arrayContaining(names))
      const verbs = verb.verbs.map(({ name }) => name)
      expect(COMPLETE[shell](wordsOf(`${verb.path} `)), verb.path).toEqual(expect.arrayContaining(verbs))
    }
    const keys = CONFIG_KEYS.map(({ path }) => path)
    expect(COMPLETE[shell](wordsOf('mole config explain '))).toEqual(expect.arrayContaining(keys))
  })

  it('the script names every verb and option, and leaves no place unfilled', async () => {
    const script = await printed('completion', shell)
    for (const { name, options } of verbsWithin(TREE)) {
      expect(script).toContain(name)
      for (const option of options.flatMap(({ names }) => names)) expect(script).toContain(option.replace(/^--?/, ''))
    }
    expect(script).not.toMatch(/#@|undefined|\[object/)
  })
})

describe('bash', () => {
  beforeEach((context) => skipWithout('bash', context))

  it('is told which function completes', () => {
    expect(runShell('bash', '--norc', '-c', 'source "$0"; complete -p mole', join(directory, 'bash')).trim()).toBe(
      'complete -F _mole mole',
    )
  })

  it('completes where "=" is a word of its own', () => {
    expect(COMPLETE.bash(['mole', 'up', '--target', '=', 'a'])).toEqual(['aws'])
    expect(COMPLETE.bash(['mole', 'up', '--target', '='])).toEqual(['lab', 'aws'])
    expect(COMPLETE.bash(['mole', 'up', '--target', '=', 'lab', '--file', '=', 'plan-'])).toEqual(['plan-b.yaml'])
  })

  it('offers files with spaces whole, and directories where one is wanted', () => {
    expect(COMPLETE.bash(wordsOf('mole up -f plan')).toSorted()).toEqual(['plan a.yaml', 'plan-b.yaml', 'plans'])
    expect(COMPLETE.bash(wordsOf('mole export wg-quick --directory pl'))).toEqual(['plans'])
  })

  it('runs nothing that is typed or listed', () => {
    expect(COMPLETE.bash(['mole', 'connect', '$(touch ran)'])).toEqual([])
    expect(COMPLETE.bash(['mole', 'connect', 'x', '`touch ran`', "'; touch ran; '"])).toEqual([])
    expect(COMPLETE.bash(wordsOf('mole up -f ran'))).toEqual([])
  })
})

describe('mole completion', () => {
  it('refuses a shell it does not know', async () => {
    const world = fakeWorld(null)
    expect(await runCommandLine(['completion', 'tcsh'], world, '1.2.3')).toBe(2)
    expect(world.err.join('')).toMatch(/tcsh.*bash, zsh, fish/s)
  })

  it('gives the script in JSON as well', async () => {
    const outcome = JSON.parse(await printed('completion', 'bash', '--json')) as { script: string }
    expect(outcome.script).toBe(await printed('completion', 'bash'))
  })
})
