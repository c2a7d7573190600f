import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect as connectSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect } from '../contract/connect.ts'
import type { Client } from '../contract/define.ts'
import { type HelperContract, helperContract } from '../contract/helper.ts'
import { byteStreamPort } from '../contract/ports/byte-stream.ts'
import { type Bench, makeBench } from './testing/bench.ts'
import { bundle } from './testing/states.ts'

/* The helper as its units run it: on a socket that somebody else made, with the rights that they leave it. */

const ENTRY = fileURLToPath(new URL('main.ts', import.meta.url))
const SERVICE = readFileSync(new URL('../resources/helper/mole-helper.service', import.meta.url), 'utf8')
const ACTIVATE = '/usr/bin/systemd-socket-activate'

let bench: Bench
let base: string

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'mole-'))
  bench = await makeBench()
})
afterEach(async () => {
  await bench.close()
  rmSync(base, { recursive: true, force: true })
})

const socketPath = (): string => join(base, 'installed.sock')

const serve = (uid: number): string[] => [
  process.execPath,
  ENTRY,
  'serve',
  '--directory',
  bench.directory,
  '--allow-uid',
  String(uid),
]

/** Waits until systemd's stand-in listens; the helper itself starts with the first connection. */
const dial = async (): Promise<Client<HelperContract>> => {
  for (let tries = 0; tries < 500 && !existsSync(socketPath()); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 10))
  const socket = connectSocket(socketPath())
  await once(socket, 'connect')
  return connect(helperContract, byteStreamPort(socket))
}

const settingOf = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(SERVICE)?.[1] ?? ''

/** `setpriv(1)` with the capabilities and the promise of the unit. */
const confined = (command: readonly string[]): string[] => {
  const bounds = settingOf('CapabilityBoundingSet')
    .split(' ')
    .map((name) => `+${name.replace('CAP_', '').toLowerCase()}`)
  return ['--no-new-privs', '--inh-caps', '-all', '--bounding-set', ['-all', ...bounds].join(','), '--', ...command]
}

describe('the helper on a socket of systemd', () => {
  it('starts with the first connection, works with what the unit leaves it, and leaves the socket alone', async (context) => {
    context.skip(!existsSync(ACTIVATE), 'systemd-socket-activate is not on this machine')
    const before = await bench.snapshot()
    const argv = ['--listen', socketPath(), '/usr/bin/setpriv', ...confined(serve(12_345))]
    const activator = bench.world.start(ACTIVATE, argv)
    let log = ''
    activator.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text
    })
    const client = await dial()
    const { pid, facts } = await client.call('hello', {})
    expect(facts.isLab).toBe(false)
    expect(log).toContain('"event":"start"')

    await client.call('keys.ensure', { names: ['d1-t1', 'd1-t2'] })
    await client.call('apply', { generation: 0, state: bundle(2) })
    const links = await bench.world.run('/usr/sbin/ip', ['-o', 'link', 'show'])
    // Which of them comes first is up to their processes.
    expect([...links.matchAll(/mole\d/g)].map(([name]) => name).toSorted()).toEqual(['mole1', 'mole2'])
    const status = await bench.world.run('/bin/cat', [`/proc/${pid}/status`])
    // CAP_NET_ADMIN; and CAP_SETGID, CAP_SETUID and CAP_SETPCAP, to start the relay without any.
    const held = [12n, 6n, 7n, 8n].reduce((all, bit) => all | (1n << bit), 0n)
    expect(/^CapEff:\s*(\S+)/m.exec(status)?.[1]).toBe(held.toString(16).padStart(16, '0'))
    expect(status).toMatch(/^NoNewPrivs:\s*1$/m)

    // What it starts does not hold the socket: nobody else may accept from it.
    const inode = (await bench.world.run('/bin/sh', ['-c', `stat -L -c %i /proc/${pid}/fd/3`])).trim()
    const holders = await bench.world.run('/bin/sh', [
      '-c',
      `ls -l /proc/[0-9]*/fd 2>/dev/null | grep -c 'socket:.${inode}' || :`,
    ])
    expect(holders.trim()).toBe('1')

    expect((await client.call('revert', {})).drift).toEqual([])
    client.close()
    expect(await bench.snapshot()).toEqual(before)
    expect(existsSync(join(bench.directory, 'helper.token'))).toBe(false)
    expect(existsSync(join(bench.directory, 'helper.sock'))).toBe(false)
    await bench.world.run('/bin/kill', ['-TERM', String(pid)])
    await once(activator, 'exit')
    expect(existsSync(socketPath())).toBe(true)
  })

  it('does not start without one', async () => {
    const [program = '', ...argv] = serve(12_345)
    const child = bench.world.start(program, argv)
    let log = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text
    })
    expect(await once(child, 'exit')).toEqual([1, null])
    expect(log).toMatch(/No socket was handed to the helper/)
  })
})
