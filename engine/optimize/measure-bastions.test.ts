import { describe, expect, it } from 'vitest'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { clientArguments, measuredEnds, readReport } from './measure-bastions.ts'

const end = (slot: number, lane: 0 | 1, role: 'carrying' | 'leaving') => ({
  slot,
  lane,
  role,
  publicKey: '',
  address: '203.0.113.10',
  port: 51_821,
  sinceMs: null,
  renewed: false,
})

const RECORD = {
  id: 'aws-abcdef',
  plan: DeploymentPlan.parse({ tunnels: 2 }),
  profile: null,
  desired: 'up',
  bastions: [
    {
      index: 1,
      launch: 1,
      machineId: null,
      hostKeys: null,
      ends: [end(1, 0, 'leaving'), end(1, 1, 'carrying'), end(2, 0, 'carrying'), end(3, 0, 'carrying')],
      spares: [],
    },
  ],
  createdAtMs: 0,
  connectedAtMs: 0,
  tuned: [],
} as const

describe('measuring to bastions', () => {
  it('goes through every tunnel there is, on the lane that carries, and through none that the plan does not use', () => {
    expect(measuredEnds(RECORD)).toMatchObject([
      { host: '10.100.101.1', bastion: '10.100.101.2' },
      { host: '10.100.2.1', bastion: '10.100.2.2' },
    ])
  })

  it('binds each client to its tunnel', () => {
    const line = clientArguments({ host: '10.100.2.1', bastion: '10.100.2.2' }, 5).join(' ')
    expect(line).toContain('--client 10.100.2.2 --bind 10.100.2.1 --port 5201')
    expect(line).toContain('--time 5')
  })

  it('takes what the other end received', () => {
    const output = '{"end":{"sum_sent":{"bits_per_second":9},"sum_received":{"bits_per_second":7}}}'
    expect(readReport({ ok: true, output }, '10.100.2.2')).toBe(7)
  })

  it.each([
    ['{"error":"unable to connect to server: Connection refused"}', /Connection refused/],
    ['iperf3: not found', /not found/],
    ['', /10\.100\.2\.2/],
  ])('says what is wrong where there is no figure: %s', (output, said) => {
    expect(() => readReport({ ok: false, output }, '10.100.2.2')).toThrow(said)
  })
})
