import { expect, it } from 'vitest'
import { ProbeRequest } from '../../../domain/probe/request.ts'
import { loadMs, spanMs } from './probe-span.ts'

const asked = (change: object) => ProbeRequest.parse({ target: { kind: 'none' }, ...change })

it('counts every run, and only where bandwidth is measured', () => {
  const quick = asked({ parts: ['interface', 'mtu', 'latency'] })
  expect(loadMs(quick)).toBe(0)
  expect(spanMs(quick)).toBeLessThan(10_000)
  const one = asked({ streams: [1], directions: ['upload'], seconds: 10, udp: false })
  const two = asked({ streams: [1], directions: ['upload', 'download'], seconds: 10, udp: false })
  expect(loadMs(two)).toBe(2 * loadMs(one))
  expect(loadMs(one)).toBeGreaterThanOrEqual(10_000)
  expect(spanMs(asked({ udp: true }))).toBeGreaterThan(spanMs(asked({ udp: false })))
  const udpOf = (change: object): number => loadMs(asked(change)) - loadMs(asked({ ...change, udp: false }))
  expect(udpOf({ directions: ['upload', 'download'] })).toBe(udpOf({ directions: ['upload'] }))
})
