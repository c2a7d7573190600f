import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Problem } from '../../contract/app.ts'
import { type DoctorWorld, runDoctor } from './doctor.ts'
import { EXTRA_PROGRAMS, installCommand, LAB_PROGRAMS, REQUIRED_PROGRAMS } from './programs.ts'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mole-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const install = (...names: string[]) =>
  Promise.all(names.map((name) => writeFile(join(directory, name), '', { mode: 0o755 })))
const ALL = [...REQUIRED_PROGRAMS, ...LAB_PROGRAMS, ...EXTRA_PROGRAMS].map(({ name }) => name)

const world = (change: Partial<DoctorWorld> = {}): DoctorWorld => ({
  directories: [directory],
  execute: async (_, argv) => ({ ok: true, output: `version of ${argv.join(' ')}` }),
  nodeVersion: '24.21.0',
  kernelWireGuard: async () => true,
  tun: async () => 'usable',
  mptcp: async () => true,
  labProblem: async () => null,
  ...change,
})

const stateOf = async (id: string, change: Partial<DoctorWorld> = {}) => {
  const check = (await runDoctor(world(change))).find((candidate) => candidate.id === id)
  return [check?.state, check?.remedy]
}

describe('runDoctor', () => {
  it('finds everything where everything is', async () => {
    await install(...ALL)
    const checks = await runDoctor(world())
    expect(checks.filter(({ state }) => state !== 'ok')).toEqual([])
    expect(checks.every(({ remedy }) => remedy === null)).toBe(true)
  })

  it('names each missing program and how to get it', async () => {
    await install(...ALL.filter((name) => name !== 'wg'))
    expect(await stateOf('wg')).toEqual(['missing', 'sudo apt-get install --no-install-recommends wireguard-tools'])
    expect(await stateOf('ip')).toEqual(['ok', null])
  })

  it('only warns of what most works without', async () => {
    await install(...ALL.filter((name) => name !== 'mptcpize'))
    expect(await stateOf('mptcpize')).toEqual(['warning', 'sudo apt-get install --no-install-recommends mptcpize'])
  })

  it('takes userspace WireGuard where the kernel has none, if the tunnel device is usable', async () => {
    const userspace = { kernelWireGuard: async () => false }
    expect((await stateOf('wireguard', userspace))[0]).toBe('missing')
    await install('wireguard-go')
    expect(await stateOf('wireguard', userspace)).toEqual(['ok', null])
    expect(await stateOf('wireguard', { ...userspace, tun: async () => 'closed' })).toEqual([
      'missing',
      'sudo chmod 0666 /dev/net/tun',
    ])
    expect(await stateOf('wireguard', { ...userspace, tun: async () => 'absent' })).toEqual([
      'missing',
      'sudo modprobe tun',
    ])
  })

  it('says when namespaces are refused, and how to allow them', async () => {
    const refused = async (): Promise<Problem> => ({
      code: 'namespaces-restricted',
      message: 'not here',
      data: { nextStep: 'allow them' },
    })
    expect(await stateOf('namespaces', { labProblem: refused })).toEqual(['missing', 'allow them'])
    expect(await stateOf('namespaces')).toEqual(['ok', null])
  })

  it('warns of missing Multipath TCP and refuses an old Node.js', async () => {
    expect((await stateOf('mptcp', { mptcp: async () => null }))[0]).toBe('warning')
    expect(await stateOf('mptcp', { mptcp: async () => false })).toEqual([
      'warning',
      'sudo sysctl -w net.mptcp.enabled=1',
    ])
    expect((await stateOf('node', { nodeVersion: '20.19.0' }))[0]).toBe('missing')
  })
})

describe('installCommand', () => {
  it('names each package once', () => {
    expect(installCommand(['util-linux', 'iproute2', 'util-linux'])).toMatch(/recommends iproute2 util-linux$/)
  })
})
