import { describe, expect, it } from 'vitest'
import { makeFakeSystem } from '../testing/fake-system.ts'
import { observeMptcp, parseEndpoints, parseSubflowLimit } from './facts.ts'

describe('what ip mptcp says', () => {
  it('lists our endpoints, and no others', () => {
    const shown =
      '[{"address":"10.100.2.1","id":92,"subflow":true,"backup":true,"dev":"mole2"},{"address":"10.100.1.1","id":91,"subflow":true,"dev":"mole1"},{"address":"192.168.1.9","id":1,"signal":true,"dev":"eth0"}]'
    expect(parseEndpoints(shown)).toEqual([
      { tunnel: 1, backup: false },
      { tunnel: 2, backup: true },
    ])
    expect(parseEndpoints('')).toEqual([])
  })

  it('reads the limit in either shape', () => {
    expect(parseSubflowLimit('add_addr_accepted 8 subflows 7 \n')).toBe(7)
    expect(parseSubflowLimit('[{"add_addr_accepted":8,"subflows":6}]')).toBe(6)
    expect(parseSubflowLimit('')).toBeNull()
  })
})

describe('observeMptcp', () => {
  const withSysctls = (values: Record<string, string>) => {
    const system = makeFakeSystem(
      Object.fromEntries(Object.entries(values).map(([name, value]) => [`/proc/sys/net/mptcp/${name}`, `${value}\n`])),
    )
    const run = async () => ({ stdout: '', stderr: '', code: 0 })
    return { ...system, runner: { ...system.runner, run } }
  }

  it('says what the kernel has', async () => {
    const system = withSysctls({
      enabled: '1',
      scheduler: 'default',
      available_schedulers: 'default bpf_red',
      path_manager: 'kernel',
    })
    expect(await observeMptcp(system)).toEqual({
      available: true,
      schedulers: ['default', 'bpf_red'],
      scheduler: 'default',
      pathManager: 'kernel',
      endpoints: [],
      subflowLimit: null,
    })
  })

  it('manages with what older kernels say', async () => {
    const { schedulers, pathManager } = await observeMptcp(withSysctls({ enabled: '1', pm_type: '1' }))
    expect(schedulers).toEqual(['default'])
    expect(pathManager).toBe('userspace')
  })

  it('is not available where it is off, or unknown', async () => {
    expect((await observeMptcp(withSysctls({ enabled: '0' }))).available).toBe(false)
    expect((await observeMptcp(makeFakeSystem())).available).toBe(false)
  })
})
