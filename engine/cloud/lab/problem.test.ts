import { describe, expect, it } from 'vitest'
import type { Program } from '../../doctor/programs.ts'
import { judge, observeLabProblem } from './problem.ts'
import { type Restriction, restrictionOf } from './trial.ts'

const program = (name: string): Program => ({ name, package: `${name}-package`, use: `does ${name}` })

describe('judge', () => {
  it('is content when everything is there', () => {
    expect(judge([], { kind: 'works', wireguard: 'userspace' })).toBeNull()
  })

  it('names all missing programs at once, with one command', () => {
    const problem = judge([program('nft'), program('iperf3')], null)
    expect(problem?.code).toBe('missing-program')
    expect(problem?.message).toBe('Programs are missing: nft, iperf3.')
    expect(problem?.data.field).toBe('nft')
    expect(problem?.data.nextStep).toContain('iperf3-package nft-package')
  })

  it('says that there is no way to make a tunnel', () => {
    expect(judge([], { kind: 'no-tun' })).toMatchObject({ code: 'not-available', data: { field: '/dev/net/tun' } })
  })

  it.each(['limit', 'switch', 'apparmor', 'container'] as const)(
    'says what %s means and offers one way out',
    (cause) => {
      const problem = judge([], { kind: 'restricted', cause, detail: 'Operation not permitted' })
      expect(problem?.code).toBe('namespaces-restricted')
      expect(problem?.message).toContain('Operation not permitted')
      expect(problem?.data.meaning).not.toBe('')
      if (cause !== 'container') expect(problem?.data.nextStep?.match(/sudo/g)).toHaveLength(1)
    },
  )
})

describe('restrictionOf', () => {
  const cases: [Record<string, string>, Restriction][] = [
    [{ 'user/max_user_namespaces': '0' }, 'limit'],
    [{ 'user/max_user_namespaces': '9', 'kernel/unprivileged_userns_clone': '0' }, 'switch'],
    [{ 'user/max_user_namespaces': '9', 'kernel/apparmor_restrict_unprivileged_userns': '1' }, 'apparmor'],
    [{ 'user/max_user_namespaces': '9' }, 'container'],
  ]
  it.each(cases)('%j → %s', async (settings, expected) => {
    expect(await restrictionOf(async (path) => settings[path] ?? '')).toBe(expected)
  })
})

describe('observeLabProblem', () => {
  it('where no program is found, names them all without trying anything', async () => {
    const problem = await observeLabProblem(['/nonexistent'])
    for (const name of ['wg', 'ip', 'nft', 'unshare', 'nsenter', 'flock', 'tc', 'iperf3'])
      expect(problem?.message).toContain(name)
  })
})
