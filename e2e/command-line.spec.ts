import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { type Home, makeHome, type Outcome } from './support/mole.ts'

/** What the command line promises to a script: the whole life of a deployment, as whoever runs the tests. */

let home: Home
test.beforeEach(() => {
  home = makeHome()
})
test.afterEach(() => home.remove())

/** Names of this machine's own interfaces and what the kernel routes by, which a lab may never touch. */
const hostNetwork = (): string =>
  JSON.stringify([readdirSync('/sys/class/net').sort(), readFileSync('/proc/net/route', 'utf8')])

const view = ({ json }: Outcome) =>
  (json as unknown as { deployment: { phase: string; tunnels: { health: string }[] } }).deployment

test('up, status, traffic, scale, down: everything works and nothing is left', async () => {
  const before = hostNetwork()

  const up = await home.mole('up', '--target', 'lab', '--tunnels', '4', '--yes')
  expect(up.code, up.stderr).toBe(0)
  expect(up.json).toMatchObject({ version: 1, ok: true, deployment: { phase: 'connected' } })

  const status = await home.mole('status')
  expect(status.code).toBe(0)
  expect(view(status).tunnels.map(({ health }) => health)).toEqual(['up', 'up', 'up', 'up'])

  const traffic = await home.mole('lab', 'traffic', '--streams', '4', '--duration', '3')
  expect(traffic.code, traffic.stderr).toBe(0)
  expect((traffic.json as unknown as { traffic: { bytes: number } }).traffic.bytes).toBeGreaterThan(1_000_000)

  const scaled = await home.mole('scale', '--tunnels', '2')
  expect(scaled.code, scaled.stderr).toBe(0)
  expect(view(await home.mole('status')).tunnels).toHaveLength(2)

  const down = await home.mole('down')
  expect(down.code, down.stderr).toBe(0)
  expect(down.json).toMatchObject({ version: 1, ok: true })
  expect(await home.leftovers()).toEqual([])
  expect(hostNetwork()).toBe(before)
})

test('a path that breaks is shown as silent, and as up again when it heals', async () => {
  expect((await home.mole('up', '--tunnels', '2', '--yes')).code).toBe(0)
  expect((await home.mole('lab', 'break', '2')).code).toBe(0)
  await expect.poll(async () => view(await home.mole('status')).tunnels[1]?.health, { timeout: 20_000 }).toBe('silent')
  expect(view(await home.mole('status')).phase).toBe('degraded')
  expect((await home.mole('lab', 'heal', '2')).code).toBe(0)
  await expect.poll(async () => view(await home.mole('status')).phase, { timeout: 20_000 }).toBe('connected')
  expect((await home.mole('down')).code).toBe(0)
})

test('the engine may stop and start again: the tunnels are found as they were', async () => {
  expect((await home.mole('up', '--tunnels', '2', '--yes')).code).toBe(0)
  expect((await home.mole('serve', '--stop')).code).toBe(0)
  const status = await home.mole('status')
  expect(view(status).phase, status.stderr).toBe('connected')
  expect((await home.mole('lab', 'traffic', '--duration', '1')).code).toBe(0)
  expect((await home.mole('down')).code).toBe(0)
  expect(await home.leftovers()).toEqual([])
})
