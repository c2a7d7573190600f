import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Runner } from '../run.ts'
import type { RelayConfig } from './config.ts'
import { listenerAt, makeRelayKeeper } from './keeper.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))
const CONFIG: RelayConfig = {
  address: '127.0.0.1',
  port: 7010,
  routes: ['10.200.0.0/24'],
  own: ['10.100.1.1'],
  ends: [{ address: '10.100.254.1', port: 7009, from: ['10.100.1.1'] }],
}
const LISTENING = '0: 0100007F:1B62 00000000:0000 0A 00000000:00000000 00:00000000 00000000'

let base: string
const children: ChildProcess[] = []

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'mole-'))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(base, { recursive: true, force: true })
})

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('the relay’s process', () => {
  it('ends when its file is removed, without a signal', async () => {
    const file = join(base, 'relay.json')
    const config = { ...CONFIG, port: await freePort() }
    writeFileSync(file, JSON.stringify({ config }))
    const stdin = openSync(file, 'r')
    const child = spawn(process.execPath, [MAIN], { stdio: [stdin, 'ignore', 'ignore'] })
    children.push(child)
    closeSync(stdin)
    while (listenerAt(config, readFileSync('/proc/net/tcp', 'utf8')) === null) {
      expect(child.exitCode).toBeNull()
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    rmSync(file)
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})

describe('a keeper that sees little of another user’s processes', () => {
  const uid = process.geteuid?.() ?? 0
  /** A host whose `/proc` shows no process's network, and who listens by `listener`. */
  const keeperOf = (listener: () => number | null, stat: string | null, led: string[] = []) => {
    const runner = {
      run: async (_program: string, _argv: readonly string[], { input = '' } = {}) => {
        led.push(input.includes('dnat') ? 'led' : 'not led')
        return { code: 0, stdout: '', stderr: '' }
      },
      start: () => ({ pid: 4711 }),
      pathOf: (program: string) => `/usr/bin/${program}`,
    } as unknown as Runner
    const read = (path: string): string | null => {
      if (path === '/proc/net/tcp') return listener() === null ? '' : `${LISTENING} ${listener()} 0 99 1\n`
      if (path === '/proc/4711/stat') return stat
      return path.startsWith(base) && existsSync(path) ? readFileSync(path, 'utf8') : null
    }
    return makeRelayKeeper({ runner, read, list: () => [], link: () => null }, base)
  }

  it('waits until the relay has ended with its file', async () => {
    const file = join(base, 'relay.json')
    writeFileSync(file, JSON.stringify({ version: 1, pid: 0, startTime: 0, config: CONFIG }))
    let looks = 0
    const listener = (): number | null => {
      if (!existsSync(file)) looks += 1
      return looks > 5 ? null : uid
    }
    await keeperOf(listener, null).end()
    expect(looks).toBeGreaterThan(5)
  })

  it('takes no other user’s socket for the relay’s, and leads nothing there', async () => {
    const led: string[] = []
    const making = keeperOf(() => uid + 1, null, led).make(CONFIG)
    await expect(making).rejects.toThrow(/its process ended/)
    expect(led).not.toContain('led')
  })
})
