import { describe, expect, it } from 'vitest'
import { MoleError } from '../../../contract/errors.ts'
import { recordedRunner } from '../testing/heard.ts'
import { attemptByIcmp, makePinger, pingTrips } from './by-icmp.ts'

const VERSION = { 'ping -V': { stdout: 'ping from iputils 20221126\n' } }
const ANSWER = '36 bytes from 192.0.2.9: icmp_seq=1 ttl=63 time=7.5 ms\n'
const line = (interval: string, size: number, wait: string, count = 3): string =>
  `ping -n -M do -c ${count} -i ${interval} -W ${wait} -s ${size} 192.0.2.9`

describe('ICMP echoes', () => {
  it('are sent more slowly where this version of ping wants that of everybody but root', async () => {
    const runner = recordedRunner({
      ...VERSION,
      [line('0.02', 36, '1.00')]: { stderr: 'ping: cannot flood; minimal interval allowed for user is 200ms', code: 2 },
      [line('0.2', 36, '1.00')]: { stdout: ANSWER },
    })
    expect((await pingTrips(await makePinger(runner, '192.0.2.9'), 3, 1000)).rttsMs).toEqual([7.5])
  })

  it('that may not be sent are told as that', async () => {
    const runner = recordedRunner({
      ...VERSION,
      [line('0.02', 36, '1.00')]: {
        stderr: 'ping: socktype: SOCK_RAW\nping: socket: Operation not permitted\n',
        code: 2,
      },
    })
    const asked = pingTrips(await makePinger(runner, '192.0.2.9'), 3, 1000)
    await expect(asked).rejects.toThrow(MoleError)
    await expect(asked).rejects.toMatchObject({ code: 'denied' })
  })

  it('tell who holds a size to be too big: the path, this host’s interface, or nobody', async () => {
    const local = (mtu: number) => ({ stderr: `ping: local error: message too long, mtu=${mtu}\n`, code: 1 })
    const stdout = '3 packets transmitted, 0 received\n'
    const runner = recordedRunner({
      ...VERSION,
      [line('0.02', 1172, '0.20')]: { stdout: ANSWER },
      [line('0.02', 1372, '0.20')]: { stdout },
      [line('0.02', 1472, '0.20')]: { stdout, ...local(1420) },
      [line('0.02', 8972, '0.20')]: { stdout, ...local(1500) },
    })
    const findings = { told: [], interfaceMtu: 1500 }
    const rungs = await attemptByIcmp(await makePinger(runner, '192.0.2.9'), findings, 200)([1200, 1400, 1500, 9000], 3)
    expect(rungs.map(({ outcome, saidBy }) => [outcome, saidBy])).toEqual([
      ['passed', null],
      ['lost', null],
      ['too-big', 'path'],
      ['too-big', 'this-host'],
    ])
    expect(findings.told).toEqual([1420])
  })
})
