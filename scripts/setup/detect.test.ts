import { describe, expect, it } from 'vitest'
import { findChromium } from './chromium.mjs'
import { noWindowBecause } from './electron.mjs'
import { listsWireGuard } from './kernel-wireguard.mjs'

describe('listsWireGuard', () => {
  it('finds the module in either list', () => {
    expect(listsWireGuard('kernel/fs/ext4/ext4.ko\nkernel/drivers/net/wireguard/wireguard.ko\n')).toBe(true)
    expect(listsWireGuard('kernel/drivers/net/wireguard/wireguard.ko.zst: kernel/net/ipv4/udp_tunnel.ko.zst')).toBe(
      true,
    )
  })

  it('is not misled by other names', () => {
    expect(listsWireGuard('kernel/drivers/net/notwireguard.ko')).toBe(false)
  })
})

describe('noWindowBecause', () => {
  const desktop = { platform: 'linux', env: { DISPLAY: ':0' }, isRoot: false } as const

  it('opens a window where there is a display', () => {
    expect(noWindowBecause(desktop)).toBeNull()
    expect(noWindowBecause({ ...desktop, env: { WAYLAND_DISPLAY: 'wayland-0' } })).toBeNull()
    expect(noWindowBecause({ ...desktop, platform: 'darwin', env: {} })).toBeNull()
  })

  it('says why it does not', () => {
    expect(noWindowBecause({ ...desktop, env: {} })).toMatch(/no display/)
    expect(noWindowBecause({ ...desktop, env: { DISPLAY: '' } })).toMatch(/no display/)
    expect(noWindowBecause({ ...desktop, isRoot: true })).toMatch(/root/)
  })
})

describe('findChromium', () => {
  it('takes the first on the PATH, and none that is not there', () => {
    const path = '/a:/b'
    expect(findChromium({ path, exists: (file) => file === '/b/chromium' })).toBe('/b/chromium')
    expect(findChromium({ path, exists: () => false })).toBeNull()
  })
})
