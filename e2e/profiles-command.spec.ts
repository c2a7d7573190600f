import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { type Home, makeHome, type Outcome } from './support/mole.ts'

/** A profile's life on the command line: saved once, connected in one word, as whoever runs the tests. */

let home: Home
test.beforeEach(() => {
  home = makeHome()
})
test.afterEach(() => home.remove())

type Deployment = { phase: string; profile: string | null; plan: { tunnels: number; mtuBytes: number } | null }
type Listed = { name: string; plan: { tunnels: number } | null; lastConnectedAtMs?: number | null }

const deploymentOf = ({ json }: Outcome): Deployment => (json as unknown as { deployment: Deployment }).deployment
const profilesOf = ({ json }: Outcome): Listed[] => (json as unknown as { profiles: Listed[] }).profiles

test('create-profile, profiles, connect, status, disconnect: and nothing is left', async () => {
  const created = await home.mole('create-profile', 'lab-a', '--target', 'lab', '--tunnels', '2', '--mtu', '1300')
  expect(created.code, created.stderr).toBe(0)
  expect(profilesOf(await home.mole('profiles'))).toMatchObject([{ name: 'lab-a', plan: { tunnels: 2 } }])
  // None of that needs an engine.
  expect(readdirSync(join(home.directory, 'mole'))).not.toContain('engine.sock')

  const connected = await home.mole('connect', 'lab-a')
  expect(connected.code, connected.stderr).toBe(0)
  expect(deploymentOf(connected)).toMatchObject({ phase: 'connected', profile: 'lab-a', plan: { tunnels: 2 } })
  expect(connected.stderr).toContain('lab-a: lab, 2 tunnels')

  const status = await home.mole('status')
  expect(deploymentOf(status)).toMatchObject({ phase: 'connected', profile: 'lab-a', plan: { mtuBytes: 1300 } })
  const [listed] = profilesOf(await home.mole('profiles'))
  expect(listed?.lastConnectedAtMs ?? 0).toBeGreaterThan(0)

  const again = await home.mole('connect', 'lab-a')
  expect(again.code, again.stderr).toBe(0)

  const disconnected = await home.mole('disconnect')
  expect(disconnected.code, disconnected.stderr).toBe(0)
  expect(deploymentOf(disconnected).phase).toBe('none')
  expect((await home.mole('serve', '--stop')).code).toBe(0)
  expect(await home.leftovers()).toEqual([])
})

test('a profile that was changed is another plan; what is up is named until it is down', async () => {
  expect((await home.mole('create-profile', 'lab-a', '--tunnels', '1')).code).toBe(0)
  expect((await home.mole('connect', 'lab-a')).code).toBe(0)
  expect((await home.mole('create-profile', 'lab-b', '--tunnels', '1', '--mtu', '1300')).code).toBe(0)
  const other = await home.mole('connect', 'lab-b')
  expect(other.code).toBe(4)
  expect(deploymentOf(await home.mole('status'))).toMatchObject({ phase: 'connected', profile: 'lab-a' })
  expect((await home.mole('profiles', 'delete', 'lab-a', '--yes')).code).toBe(0)
  expect((await home.mole('down', '--force', '--cleanup-all')).code).toBe(0)
  expect(await home.leftovers()).toEqual([])
})

test('MOLE_* of the command that connects win, and stay with that command', async () => {
  expect((await home.mole('create-profile', 'lab-a', '--tunnels', '1')).code).toBe(0)
  home.env.MOLE_TUNNEL_MTU = '1290'
  const connected = await home.mole('connect', 'lab-a')
  expect(deploymentOf(connected).plan).toMatchObject({ mtuBytes: 1290 })
  expect((await home.mole('down')).code).toBe(0)
  delete home.env.MOLE_TUNNEL_MTU
  // An engine that is still there has not kept the variable.
  const plain = await home.mole('connect', 'lab-a')
  expect(deploymentOf(plain).plan).toMatchObject({ mtuBytes: 1420 })
  expect((await home.mole('down')).code).toBe(0)
  expect(await home.leftovers()).toEqual([])
})
