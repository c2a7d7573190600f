import { expect, it } from 'vitest'
import type { FirewallRule } from '../../../domain/probe/firewall.ts'
import { renderFirewallText } from './firewall-text.ts'

const rule: FirewallRule = {
  purpose: 'WireGuard tunnels',
  protocol: 'UDP',
  from: '192.0.2.17/32',
  fromPorts: '51901–51904',
  to: '203.0.113.10/32',
  toPorts: '51821–51824',
  note: '',
}

it('names every address and port of every rule, and the notes there are', () => {
  const text = renderFirewallText([rule, { ...rule, purpose: 'Measuring', note: 'Only while a probe runs.' }], 'dtn1')
  for (const part of [
    'for dtn1',
    '192.0.2.17/32, ports 51901–51904',
    '203.0.113.10/32, ports 51821–51824',
    'Measuring',
  ])
    expect(text).toContain(part)
  expect(text.match(/note/g)).toHaveLength(1)
})
