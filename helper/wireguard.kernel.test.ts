import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openKeys } from './keys.ts'
import type { WireGuardFacts } from './observe/facts.ts'
import { parseUapiGet, parseWgDump } from './observe/wireguard.ts'
import type { Effect } from './operation.ts'
import { keyOf } from './testing/states.ts'
import { makeWorld, type World } from './testing/world.ts'
import { publicKeyOf } from './x25519.ts'

/*
 * The two ways to configure WireGuard, `wg set` (for the kernel's) and the socket (for wireguard-go), against one real
 * interface, with the real runner: what one writes, both must read. `wg` speaks to either kind of interface.
 */

let world: World
let directory: string
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mole-'))
  world = await makeWorld()
  await world.run('wireguard-go', ['mole1'])
})
afterEach(async () => {
  await world.close()
  rmSync(directory, { recursive: true, force: true })
})

const INSIDE = fileURLToPath(new URL('./testing/execute-inside.ts', import.meta.url))

const execute = (effects: readonly Effect[]): Promise<string> =>
  world.run(process.execPath, [INSIDE], JSON.stringify({ keyDirectory: directory, effects }))

/** Asks the interface's socket, as the helper does. */
const ASK = `
const socket = require('node:net').connect('/var/run/wireguard/mole1.sock')
socket.on('data', (text) => { process.stdout.write(text); if (String(text).endsWith('\\n\\n')) process.exit(0) })
socket.write('get=1\\n\\n')
`

it.each(['kernel', 'userspace'] as const)('writes what is read again, the %s way', async (flavour) => {
  const { one = '', two = '' } = openKeys(directory).ensure(['one', 'two'])
  const peer = { publicKey: publicKeyOf(keyOf(1)), endpoint: '203.0.113.10:51821', keepaliveSeconds: 25 }
  const first = { ...peer, allowedNetworks: ['10.100.1.2/32', '10.200.0.0/24'] }
  const second = { ...peer, publicKey: publicKeyOf(keyOf(2)), keepaliveSeconds: 0, allowedNetworks: ['10.100.1.2/32'] }
  const states: WireGuardFacts[] = [
    { publicKey: one, listenPort: 41_821, peers: [first] },
    {
      publicKey: one,
      listenPort: 41_821,
      peers: [{ ...first, keepaliveSeconds: 5, allowedNetworks: ['10.100.1.2/32'] }],
    },
    { publicKey: two, listenPort: 41_999, peers: [second] },
    { publicKey: two, listenPort: 41_999, peers: [] },
  ]
  let was: WireGuardFacts | null = null
  for (const to of states) {
    await execute([{ by: 'wireguard', name: 'mole1', flavour, to, was }])
    expect(parseWgDump(await world.run('wg', ['show', 'all', 'dump'])).get('mole1')?.settings).toEqual(to)
    expect(parseUapiGet(await world.run(process.execPath, ['-e', ASK])).settings).toEqual(to)
    was = to
  }
})
