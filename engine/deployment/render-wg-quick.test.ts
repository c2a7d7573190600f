import { describe, expect, it } from 'vitest'
import { DeploymentPlan, planHostState } from '../../domain/tunnel-plan.ts'
import { renderWgQuick, wgQuickFileName } from './render-wg-quick.ts'

const [tunnel] = planHostState(DeploymentPlan.parse({ tunnels: 1 }), 'lab-1', [
  { slot: 1, lane: 0, publicKey: 'PUBLIC=', address: '203.0.113.10', port: 51_821 },
]).tunnels
if (tunnel === undefined) throw new Error('no tunnel')

const PEER = `[Peer]
PublicKey = PUBLIC=
Endpoint = 203.0.113.10:51821
AllowedIPs = 10.100.1.2/32, 10.100.254.1/32, 10.200.0.0/24
PersistentKeepalive = 25
`

describe('a wg-quick file', () => {
  it('is what wg-quick(8) reads, with the key that was asked for', () => {
    expect(wgQuickFileName(tunnel)).toBe('mole1.conf')
    expect(renderWgQuick(tunnel, 'SECRET=')).toMatch(
      /\n\n\[Interface\]\nPrivateKey = SECRET=\nAddress = 10\.100\.1\.1\/30\nListenPort = 41821\nMTU = 1420\n\n/,
    )
    expect(renderWgQuick(tunnel, 'SECRET=').endsWith(PEER)).toBe(true)
  })

  it('is whole, line by line', () => {
    expect(
      renderWgQuick(tunnel, null),
    ).toBe(`# One tunnel of Cloud Mole, for wg-quick(8). Take it down here ("mole down") before it is used elsewhere:
# the far end answers whoever used the key last.

[Interface]
# PrivateKey = … (kept by the helper; "mole export wg-quick --with-keys" writes it here)
Address = 10.100.1.1/30
ListenPort = 41821
MTU = 1420

${PEER}`)
  })

  it('has no key where none was asked for, and says how to get it', () => {
    const text = renderWgQuick(tunnel, null)
    expect(text).not.toMatch(/^PrivateKey/m)
    expect(text).toMatch(/^# PrivateKey = .*mole export wg-quick --with-keys/m)
  })
})
