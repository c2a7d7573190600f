import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SYSCTL_RANGES } from '../../domain/host-state.ts'
import { awaitHelper, HELPER_COMMAND, type RunningHelper } from './running-helper.ts'
import { makeWorld, type World } from './world.ts'

/** A world with an uplink, and the directory of the helper that serves it. */
export type Bench = {
  readonly world: World
  readonly directory: string
  readonly startHelper: () => Promise<RunningHelper>
  /** The whole network of the world as its tools show it, once two looks agree. */
  readonly snapshot: () => Promise<Record<string, unknown>>
  readonly close: () => Promise<void>
}

const SHOW: readonly (readonly [string, readonly string[]])[] = [
  ['ip', ['-j', 'address', 'show']],
  ['ip', ['-j', '-d', 'link', 'show']],
  ['ip', ['-j', 'route', 'show', 'table', 'all']],
  ['ip', ['-j', '-6', 'route', 'show', 'table', 'all']],
  ['ip', ['-j', 'rule', 'show']],
  ['ip', ['-j', '-6', 'rule', 'show']],
  ['ip', ['-j', 'nexthop', 'show']],
  ['nft', ['-j', 'list', 'ruleset']],
]
/** These have no JSON. */
const SHOW_TEXT: readonly (readonly string[])[] = [
  ['mptcp', 'endpoint', 'show'],
  ['mptcp', 'limits', 'show'],
]
const SYSCTLS = Object.keys(SYSCTL_RANGES)

/** An uplink as a host has one: with a gateway, and nobody behind it. */
const UPLINK = `
sysctl -qw net.ipv6.conf.default.accept_dad=0
ip link add wan0 type veth peer name far0
ip address add 198.51.100.2/24 dev wan0
ip link set wan0 up
ip link set far0 up
ip route add default via 198.51.100.1
`

const look = async ({ run }: World): Promise<Record<string, unknown>> => {
  const shown: [string, unknown][] = []
  for (const [program, argv] of SHOW) {
    const text = await run(program, argv)
    shown.push([[program, ...argv].join(' '), JSON.parse(text === '' ? '[]' : text)])
  }
  for (const argv of SHOW_TEXT) shown.push([argv.join(' '), await run('ip', argv)])
  return { ...Object.fromEntries(shown), sysctls: await run('sysctl', SYSCTLS) }
}

/** Addresses and routes of IPv6 come a moment after an interface does. */
const settledLook = async (world: World): Promise<Record<string, unknown>> => {
  let last = await look(world)
  for (let tries = 0; tries < 20; tries += 1) {
    const next = await look(world)
    if (JSON.stringify(next) === JSON.stringify(last)) return next
    last = next
  }
  return last
}

/** Makes a bench; close it, whatever happens. `entry`: another helper than this source. */
export const makeBench = async (entry?: string): Promise<Bench> => {
  const directory = mkdtempSync(join(tmpdir(), 'mole-'))
  const world = await makeWorld()
  await world.run('sh', ['-e'], UPLINK)
  const helpers: RunningHelper[] = []
  return {
    world,
    directory,
    startHelper: async () => {
      const helper = await awaitHelper(world.start(process.execPath, HELPER_COMMAND(directory, entry)), directory)
      helpers.push(helper)
      return helper
    },
    snapshot: () => settledLook(world),
    close: async () => {
      await world.close()
      for (const helper of helpers) await helper.end()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
