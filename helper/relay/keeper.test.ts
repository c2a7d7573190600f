import { describe, expect, it } from 'vitest'
import { HostState } from '../../domain/host-state.ts'
import { bundle } from '../testing/states.ts'
import { relayConfigOf } from './config.ts'
import { listenerAt } from './keeper.ts'
import { dropPrivileges } from './privileges.ts'
import { isRedirectOf, renderRedirect } from './redirect.ts'

const relay = { bastions: [{ address: '10.100.254.1', port: 7009, tunnels: ['mole1', 'mole2'] }] }
const CONFIG = {
  address: '10.100.255.1',
  port: 7010,
  routes: ['10.200.0.0/24'],
  own: ['10.100.1.1', '10.100.2.1'],
  ends: [{ address: '10.100.254.1', port: 7009, from: ['10.100.1.1', '10.100.2.1'] }],
}

describe('relayConfigOf', () => {
  it('says where to listen, what to carry, and the addresses that lead to each bastion', () => {
    expect(relayConfigOf(bundle(2, { relay }))).toEqual(CONFIG)
  })

  it('is refused where an end is no bastion behind its tunnels: it would be reached without them', () => {
    const asked = (address: string) =>
      HostState.safeParse(bundle(2, { relay: { bastions: [{ address, port: 7009, tunnels: ['mole1'] }] } })).success
    expect(asked('10.100.254.1')).toBe(true)
    for (const address of ['127.0.0.1', '198.51.100.7', '10.100.254.2', '10.100.2.2'])
      expect(asked(address)).toBe(false)
  })

  it('is none where none is asked for, or nothing is to be carried', () => {
    expect(relayConfigOf(bundle(2))).toBeNull()
    expect(relayConfigOf(bundle(2, { relay, routes: [], sourceAddress: null }))).toBeNull()
  })
})

describe('the redirect', () => {
  const listed = (config: typeof CONFIG): string =>
    JSON.stringify({
      nftables: renderRedirect(config)
        .split('\n')
        .flatMap((line) => {
          const [, chain, comment] = /^add rule inet mole_relay (\w+) .* comment "([^"]*)"$/.exec(line) ?? []
          return chain === undefined ? [] : [{ rule: { chain, comment } }]
        }),
    })

  it('leaves out the relay’s own connections, and what is Multipath TCP already', () => {
    const script = renderRedirect(CONFIG)
    expect(script).toContain('ip saddr != { 10.100.1.1, 10.100.2.1 }')
    expect(script.match(/tcp option mptcp missing dnat ip to 10\.100\.255\.1:7010/g)).toHaveLength(1)
  })

  it('is known again, and told from one of another configuration', () => {
    expect(isRedirectOf(CONFIG, listed(CONFIG))).toBe(true)
    expect(isRedirectOf(CONFIG, listed({ ...CONFIG, own: ['10.100.1.1'] }))).toBe(false)
    expect(isRedirectOf(CONFIG, '{"nftables":[]}')).toBe(false)
    // Where the bastions' ends are is the process's business alone.
    expect(isRedirectOf({ ...CONFIG, ends: [] }, listed(CONFIG))).toBe(true)
  })

  it('takes away what it does not know to be there', () => {
    expect(renderRedirect(null)).toBe('add table inet mole_relay\ndelete table inet mole_relay\n')
  })
})

describe('dropPrivileges', () => {
  const status = (capabilities: string): string => `Name:\tnode\nCapEff:\t${capabilities}\n`
  const ALL = '000001ffffffffff'

  it('makes it nobody, without a capability', () => {
    const flags = dropPrivileges(status(ALL), '         0          0 4294967295\n').join(' ')
    expect(flags).toBe('--no-new-privs --bounding-set -all --inh-caps -all --reuid 65534 --regid 65534 --clear-groups')
  })

  it('stays who it is where there is nobody else, without a capability', () => {
    expect(dropPrivileges(status(ALL), '         0       1000          1\n').join(' ')).toBe(
      '--no-new-privs --bounding-set -all --inh-caps -all',
    )
  })

  it('does what it may', () => {
    expect(dropPrivileges(status('0000000000001000'), '0 0 4294967295\n')).toEqual(['--no-new-privs'])
    expect(dropPrivileges('', '')).toEqual(['--no-new-privs'])
  })
})

describe('listenerAt', () => {
  it('says whose socket listens there, as the kernel writes it', () => {
    const tcp = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 0100007F:1B62 0200007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 98 1',
      '   1: 0100007F:1B62 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 99 1',
      '',
    ].join('\n')
    expect(listenerAt({ address: '127.0.0.1', port: 7010 }, tcp)).toBe(1000)
    expect(listenerAt({ address: '127.0.0.2', port: 7010 }, tcp)).toBeNull()
    expect(listenerAt({ address: '127.0.0.1', port: 7010 }, '')).toBeNull()
  })
})
