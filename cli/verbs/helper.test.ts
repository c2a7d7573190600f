import { describe, expect, it } from 'vitest'
import { MoleError } from '../../contract/errors.ts'
import type { HelperInstallation, HelperStatus, InstallRequest } from '../../engine/host/install/installation.ts'
import { fakeWorld, mole } from '../testing/fake-world.ts'
import type { World } from '../world.ts'

const INSTALLED: HelperStatus = { isInstalled: true, version: '1.2.3', allowedUid: 1007, answer: 'answers' }
const ABSENT: HelperStatus = { isInstalled: false, version: null, allowedUid: null, answer: 'absent' }

type Asked = InstallRequest | string

const worldWith = (status: HelperStatus, more: Partial<World> = {}) => {
  const asked: Asked[] = []
  const hostHelper: HelperInstallation = {
    install: async (request) => {
      asked.push(request)
      return status
    },
    uninstall: async (root) => void asked.push(`uninstall ${root}`),
    status: async () => status,
  }
  return { asked, world: fakeWorld(null, {}, { hostHelper, ...more }) }
}

describe('mole helper install', () => {
  it.each([
    ['helper install', 'alice', '/'],
    ['helper install --user bob', 'bob', '/'],
    ['helper install --root /staged', 'alice', '/staged'],
  ])('%s', async (command, user, root) => {
    const { asked, world } = worldWith(INSTALLED)
    const ran = await mole(command, world)
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('1.2.3 is installed for user 1007') })
    expect(asked).toEqual([{ user, root }])
  })

  it('asks a root who came by himself for whom it is to be', async () => {
    const { asked, world } = worldWith(INSTALLED, { invoker: null })
    expect(await mole('helper install', world)).toMatchObject({ code: 2, err: expect.stringContaining('--user NAME') })
    expect(asked).toEqual([])
  })

  it('does not call it done when the helper does not answer', async () => {
    const ran = await mole('helper install', worldWith({ ...INSTALLED, answer: 'silent' }).world)
    expect(ran).toMatchObject({ code: 5, err: expect.stringContaining('journalctl') })
  })

  it('says what root is needed for', async () => {
    const denied = new MoleError('denied', 'Only root may do this.', { nextStep: 'Run: sudo mole helper install' })
    const { world } = worldWith(INSTALLED)
    const refusing = { ...world.hostHelper, install: () => Promise.reject(denied) }
    expect(await mole('helper install', { ...world, hostHelper: refusing })).toMatchObject({
      code: 7,
      err: expect.stringContaining('sudo mole helper install'),
    })
  })
})

describe('mole helper', () => {
  it('takes it away', async () => {
    const { asked, world } = worldWith(ABSENT)
    expect(await mole('helper uninstall', world)).toMatchObject({ code: 0 })
    expect(asked).toEqual(['uninstall /'])
  })

  it.each([
    [INSTALLED, 0, 'It answers you'],
    [{ ...INSTALLED, answer: 'refused' } as const, 5, 'does not serve you'],
    [ABSENT, 5, 'sudo mole helper install'],
  ])('tells how it is', async (status, code, text) => {
    expect(await mole('helper status', worldWith(status).world)).toMatchObject({
      code,
      out: expect.stringContaining(text),
    })
    const { out } = await mole('helper status --json', worldWith(status).world)
    const { version, ...rest } = status
    expect(JSON.parse(out)).toEqual({ version: 1, ok: true, helperVersion: version, ...rest })
  })
})
