import { describe, expect, it } from 'vitest'
import { BASTION_PORTS } from '../tunnel-plan.ts'
import { type FirewallQuestion, firewallRequest } from './firewall-request.ts'
import { ProbeTarget } from './request.ts'

const question = (change: Partial<FirewallQuestion> = {}): FirewallQuestion => ({
  hostAddress: '192.0.2.7',
  target: ProbeTarget.parse({ kind: 'aws', region: 'us-west-2' }),
  endpoints: ['198.51.100.9'],
  tunnels: 4,
  firstPort: BASTION_PORTS.first,
  ...change,
})

describe('firewallRequest', () => {
  it('asks for exact addresses and ports of the tunnels, both ways', () => {
    const [out, back] = firewallRequest(question())
    expect(out).toMatchObject({
      protocol: 'UDP',
      from: '192.0.2.7',
      fromPorts: '41821-41824, 41921-41924',
      to: '198.51.100.9',
      toPorts: '51821-51836',
    })
    expect(back).toMatchObject({ from: out?.to, fromPorts: out?.toPorts, to: out?.from, toPorts: out?.fromPorts })
  })

  it('names each of the ports of one tunnel', () => {
    expect(firewallRequest(question({ tunnels: 1 }))[0]?.fromPorts).toBe('41821, 41921')
  })

  it('asks for what measures only where a host on the internet is measured towards, with its ports', () => {
    const ports = (target: ProbeTarget) =>
      firewallRequest(question({ target }))
        .filter(({ purpose, from }) => purpose === 'Measuring' && from === '192.0.2.7')
        .map(({ protocol, toPorts }) => `${protocol} ${toPorts}`)
    const host = ProbeTarget.parse({ kind: 'host', host: 'dtn.example.org', iperf3Port: 5301 })
    expect(ports(host)).toEqual(['UDP 7011', 'TCP 5301', 'UDP 5301'])
    expect(ports(question().target)).toEqual(['UDP 7011', 'TCP 5201', 'UDP 5201'])
    for (const kind of ['lab', 'deployment', 'none'] as const) expect(ports(ProbeTarget.parse({ kind }))).toEqual([])
  })

  it('asks for the way to the cloud’s API only where a cloud is asked', () => {
    const toCloud = (target: ProbeTarget) =>
      firewallRequest(question({ target })).filter(({ toPorts }) => toPorts === '443')
    expect(toCloud(question().target)).toMatchObject([{ protocol: 'TCP', to: '*.amazonaws.com (us-west-2)' }])
    expect(toCloud(ProbeTarget.parse({ kind: 'lab' }))).toEqual([])
  })

  it('says what is not known instead of an address', () => {
    const target = ProbeTarget.parse({ kind: 'host', host: 'dtn.example.org' })
    // A host that was measured towards is no bastion.
    expect(firewallRequest(question({ target }))[0]?.to).toContain('known after "mole up"')
    const [rule] = firewallRequest(question({ hostAddress: null, endpoints: [] }))
    expect([rule?.from, rule?.to]).toEqual(['this host', 'the bastions (known after "mole up")'])
  })

  it('asks for the message without which too large packets vanish', () => {
    expect(firewallRequest(question()).at(-1)).toMatchObject({ protocol: 'ICMP', fromPorts: 'type 3, code 4' })
  })
})
