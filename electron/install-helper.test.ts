import { describe, expect, it } from 'vitest'
import { type Ended, helperInstaller } from './install-helper.ts'

const PLACES = { node: '/opt/mole/node', cli: '/opt/mole/main.js', user: 'alice $(id)' }

const installer = (ended: Ended, env: NodeJS.ProcessEnv = {}) => {
  const ran: unknown[] = []
  const install = helperInstaller({
    ...PLACES,
    env,
    run: async (program, argv) => {
      ran.push([program, ...argv])
      return ended
    },
  })
  return { install, ran }
}

describe('the desktop installs the helper', () => {
  it('by an argument vector that no shell reads, for its own user', async () => {
    const { install, ran } = installer({ code: 0, output: '' })
    await install()
    expect(ran).toEqual([
      ['/usr/bin/pkexec', PLACES.node, PLACES.cli, 'helper', 'install', '--quiet', '--user', PLACES.user],
    ])
  })

  it('asks once where two want it at once, and again the next time', async () => {
    const { install, ran } = installer({ code: 0, output: '' })
    await Promise.all([install(), install()])
    expect(ran).toHaveLength(1)
    await install()
    expect(ran).toHaveLength(2)
  })

  it.each([
    ['was closed', { code: 126, output: '' }, 'It was not allowed.'],
    ['cannot be shown', { code: 127, output: 'no agent' }, 'It was not allowed.'],
    ['led to nothing', { code: 3, output: 'no systemd' }, 'no systemd'],
    ['is not there', null, '/usr/bin/pkexec is missing.'],
  ])('says what to do by hand when the question %s', async (_, ended, meaning) => {
    await expect(installer(ended).install()).rejects.toMatchObject({
      code: 'denied',
      data: { meaning, nextStep: expect.stringContaining('sudo mole helper install') },
    })
  })

  it('does not try from an AppImage, which root cannot read', async () => {
    const { install, ran } = installer({ code: 0, output: '' }, { APPIMAGE: '/opt/mole.AppImage' })
    await expect(install()).rejects.toMatchObject({ code: 'not-available' })
    expect(ran).toEqual([])
  })
})
