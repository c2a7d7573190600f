import { describe, expect, it } from 'vitest'
import { parseOsRelease } from './distribution.mjs'

describe('parseOsRelease', () => {
  it('reads Debian', () => {
    const text = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nID=debian\n'
    expect(parseOsRelease(text)).toEqual({ id: 'debian', like: [], codename: 'bookworm', packages: 'apt' })
  })

  it.each([
    ['ID=linuxmint\nID_LIKE="ubuntu debian"', 'apt'],
    ["ID='rocky'\nID_LIKE='rhel centos fedora'", 'dnf'],
    ['ID=fedora', 'dnf'],
    ['ID=manjaro\nID_LIKE=arch', 'pacman'],
    ['ID="opensuse-leap"\nID_LIKE="suse opensuse"', 'zypper'],
  ])('knows the family of %j', (text, packages) => {
    expect(parseOsRelease(text).packages).toBe(packages)
  })

  it.each(['', 'nonsense', 'ID=nixos', 'ID=constructor', '# ID=debian'])('does not guess at %j', (text) => {
    expect(parseOsRelease(text).packages).toBeNull()
  })
})
