import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { helperContract } from '../../../contract/helper.ts'
import { byteStreamPort } from '../../../contract/ports/byte-stream.ts'
import { serve } from '../../../contract/serve.ts'
import { NOTHING } from '../../../domain/host-state.ts'
import type { Execute } from '../../run.ts'
import { fakeHost, hostHandlers } from '../testing/fake-host.ts'
import { type HelperInstallation, helperInstallation, type InstallationParts } from './installation.ts'

const REPOSITORY = join(import.meta.dirname, '../../..')

let base: string
let machine: string
let commands: string[]
let server: Server | null = null
const host = fakeHost()

const put = (path: string, text: string, mode = 0o644): void => {
  mkdirSync(dirname(join(base, path)), { recursive: true })
  writeFileSync(join(base, path), text, { mode })
}

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'mole-'))
  machine = join(realpathSync(base), 'machine')
  mkdirSync(machine)
  commands = []
  host.state = NOTHING
  put('package/package.json', '{"name":"cloud-mole","version":"1.2.3"}')
  put('package/dist/helper/main.js', 'the helper', 0o666)
  put('package/node_modules/koffi/index.js', 'native')
  put('package/node_modules/@koromix/x/k.node', 'native')
  put('real-node', 'node', 0o755)
  symlinkSync(join(base, 'real-node'), join(base, 'node'))
  mkdirSync(join(base, 'package/resources'))
  symlinkSync(join(REPOSITORY, 'resources/helper'), join(base, 'package/resources/helper'))
})
afterEach(() => {
  server?.close()
  server = null
  rmSync(base, { recursive: true, force: true })
})

/** systemd and the users of a machine. */
const machineAnswers: Execute = async (path, argv) => {
  const command = [path.split('/').at(-1), ...argv].join(' ')
  if (command === 'id -u -- alice') return { ok: true, output: '1007' }
  if (command.startsWith('id ')) return { ok: false, output: 'no such user' }
  commands.push(command)
  // Nothing of ours was there before.
  return command === 'systemctl stop mole-helper.service'
    ? { ok: false, output: 'not loaded' }
    : { ok: true, output: '' }
}

const installation = (changes: Partial<InstallationParts> = {}): HelperInstallation =>
  helperInstallation({
    execute: machineAnswers,
    uid: 0,
    socket: join(base, 'helper.sock'),
    isSystemd: () => true,
    ourInterfaces: async () => [],
    machine,
    source: join(base, 'package'),
    node: join(base, 'node'),
    ...changes,
  })

const answerAsHelper = (): Promise<void> =>
  new Promise((resolve) => {
    server = createServer((socket) => void serve(helperContract, hostHandlers(host), byteStreamPort(socket)))
    server.listen(join(base, 'helper.sock'), resolve)
  })

const filesBelow = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .toSorted()

const at = (path: string): string => join(machine, path)

describe('an installation of the helper', () => {
  it('is a copy that root alone may write, two units for one user, and a socket that listens', async () => {
    await answerAsHelper()
    expect(await installation().install({ user: 'alice', root: machine })).toEqual({
      isInstalled: true,
      version: '1.2.3',
      allowedUid: 1007,
      answer: 'answers',
    })
    expect(filesBelow(machine)).toEqual([
      'etc/systemd/system/mole-helper.service',
      'etc/systemd/system/mole-helper.socket',
      'usr/lib/mole/dist/helper/main.js',
      'usr/lib/mole/node_modules/@koromix/x/k.node',
      'usr/lib/mole/node_modules/koffi/index.js',
      'usr/lib/mole/node_modules/node/bin/node',
      'usr/lib/mole/package.json',
    ])
    for (const path of filesBelow(machine)) expect(statSync(at(path)).mode & 0o022, path).toBe(0)
    expect(readFileSync(at('usr/lib/mole/node_modules/node/bin/node'), 'utf8')).toBe('node')
    const socket = readFileSync(at('etc/systemd/system/mole-helper.socket'), 'utf8')
    expect(socket).toMatch(/^ListenStream=\/run\/mole\/helper\.sock$/m)
    expect(socket).toMatch(/^SocketUser=1007$/m)
    expect(socket).toMatch(/^SocketMode=0600$/m)
    expect(readFileSync(at('etc/systemd/system/mole-helper.service'), 'utf8')).toMatch(
      /^ExecStart=\/usr\/lib\/mole\/node_modules\/node\/bin\/node \/usr\/lib\/mole\/dist\/helper\/main\.js serve --directory \/var\/lib\/mole --allow-uid 1007$/m,
    )
    expect(commands).toEqual([
      'systemctl daemon-reload',
      'systemctl stop mole-helper.service',
      'systemctl reset-failed mole-helper.socket mole-helper.service',
      'systemctl enable mole-helper.socket',
      'systemctl restart mole-helper.socket',
    ])
  })

  it('takes the place of an earlier one, whole', async () => {
    await installation().install({ user: 'alice', root: machine })
    put('machine/usr/lib/mole/dist/helper/stale.js', 'of the version before')
    await installation().install({ user: 'alice', root: machine })
    expect(existsSync(at('usr/lib/mole/dist/helper/stale.js'))).toBe(false)
    expect(readdirSync(at('usr/lib'))).toEqual(['mole'])
  })

  it('is staged for a package by anybody, and nothing is started', async () => {
    const root = join(base, 'staged')
    const { isInstalled } = await installation({ uid: 1007, isSystemd: () => false }).install({ user: 'alice', root })
    expect(isInstalled).toBe(true)
    expect(commands).toEqual([])
    await installation({ uid: 1007 }).uninstall(root)
    expect(filesBelow(root)).toEqual([])
  })

  it.each([
    ['not as root', { uid: 1007 }, 'alice', 'denied'],
    ['without systemd', { isSystemd: () => false }, 'alice', 'not-available'],
    ['for nobody', {}, 'nobody-here', 'bad-input'],
    ['for an option', {}, '--help', 'bad-input'],
  ] as const)('is refused %s, and leaves nothing', async (_, changes, user, code) => {
    await expect(installation(changes).install({ user, root: machine })).rejects.toMatchObject({ code })
    expect(filesBelow(machine)).toEqual([])
    expect(commands).toEqual([])
  })

  it('is refused where the helper was not built', async () => {
    rmSync(join(base, 'package/dist'), { recursive: true })
    await expect(installation().install({ user: 'alice', root: machine })).rejects.toMatchObject({
      code: 'not-available',
      data: { nextStep: expect.stringContaining('npm run build') },
    })
    expect(filesBelow(machine)).toEqual([])
  })

  it('is taken away whole, state and socket too', async () => {
    await installation().install({ user: 'alice', root: machine })
    put('machine/var/lib/mole/helper.sqlite', 'journal')
    put('machine/run/mole/helper.sock', '')
    commands = []
    await installation().uninstall(machine)
    expect(filesBelow(machine)).toEqual([])
    expect(commands).toEqual([
      'systemctl disable --now mole-helper.socket',
      'systemctl stop mole-helper.service',
      'systemctl daemon-reload',
    ])
    expect(await installation().status(machine)).toEqual({
      isInstalled: false,
      version: null,
      allowedUid: null,
      answer: 'absent',
    })
  })

  it('is not taken away while tunnels are up', async () => {
    await installation().install({ user: 'alice', root: machine })
    await answerAsHelper()
    host.state = { ...NOTHING, mssClamp: true }
    const files = filesBelow(machine)
    commands = []
    await expect(installation().uninstall(machine)).rejects.toMatchObject({ code: 'drift' })
    expect(filesBelow(machine)).toEqual(files)
    expect(commands).toEqual([])
  })

  it.each([
    ['a slash too many', (path: string) => `/${path}`],
    ['a way around', (path: string) => `${path}/usr/..`],
    ['a relative path', (path: string) => relative(process.cwd(), path)],
    [
      'a link',
      (path: string) => {
        symlinkSync(path, `${path}-link`)
        return `${path}-link`
      },
    ],
  ])('is this machine’s under any name of its root: %s', async (_, named) => {
    await installation().install({ user: 'alice', root: machine })
    const root = named(machine)
    const stopped = installation({ ourInterfaces: async () => ['mole1'] })
    await expect(stopped.uninstall(root)).rejects.toMatchObject({ code: 'drift' })
    const stranger = installation({ uid: 1007 })
    await expect(stranger.uninstall(root)).rejects.toMatchObject({ code: 'denied' })
    await expect(stranger.install({ user: 'alice', root })).rejects.toMatchObject({ code: 'denied' })
    expect(existsSync(at('usr/lib/mole'))).toBe(true)
  })

  it('takes away too what an installation that was cut off has left', async () => {
    await installation().install({ user: 'alice', root: machine })
    put('machine/usr/lib/mole.new/package.json', '{}')
    put('machine/usr/lib/mole.old/package.json', '{}')
    await installation().uninstall(machine)
    expect(readdirSync(at('usr/lib'))).toEqual([])
  })

  it('is not taken away while its tunnels are up without it', async () => {
    await installation().install({ user: 'alice', root: machine })
    const stopped = installation({ ourInterfaces: async () => ['mole1'] })
    await expect(stopped.uninstall(machine)).rejects.toThrow(/mole1/)
    expect(existsSync(at('usr/lib/mole'))).toBe(true)
  })

  it('tells what systemd refused', async () => {
    const execute: Execute = async (path, argv) =>
      argv[0] === 'enable' ? { ok: false, output: 'Read-only file system' } : machineAnswers(path, argv)
    await expect(installation({ execute }).install({ user: 'alice', root: machine })).rejects.toThrow(
      /systemctl enable mole-helper\.socket.*Read-only/,
    )
  })
})
