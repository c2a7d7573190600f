import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { installation } from './installation.ts'

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')

describe('the package', () => {
  const builder = parse(read('electron-builder.yml')) as {
    electronFuses: Record<string, boolean>
    extraResources: { from: string; to: string }[]
  }

  it('sets every fuse that narrows what the binary can be made to do', () => {
    expect(builder.electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    })
  })

  it('ships beside the archive what the desktop starts from there', () => {
    const { helper, cli, trayIcon } = installation('/opt/app.asar', '/opt')
    for (const path of [helper.node, helper.entry, cli, trayIcon]) {
      const isShipped = builder.extraResources.some(({ to }) => path.startsWith(`/opt/${to}`))
      expect(isShipped, path).toBe(true)
    }
  })

  it('takes nothing that is not in the clone or built into dist/', () => {
    const sources = builder.extraResources.map(({ from }) => from).filter((from) => !from.startsWith('dist/'))
    for (const from of sources) expect(existsSync(new URL(`../${from}`, import.meta.url)), from).toBe(true)
  })

  it('of a clone uses what lies in the clone', () => {
    expect(installation('/clone', null).helper.entry).toBe('/clone/dist/helper/main.js')
  })
})
