import { expect, it } from 'vitest'
import { ProbeRequest } from '../../domain/probe/request.ts'
import { mustOutlast } from './outlast.ts'

const AWS = { kind: 'aws', region: 'us-west-2' }
const check = (over: object) => () => mustOutlast(ProbeRequest.parse({ target: AWS, ...over }))

it('refuses runs that the bastion of a probe would not live to see', () => {
  expect(check({ seconds: 300 })).toThrow(/about 43 minutes/)
})

it.each([
  ['what is asked by default', {}],
  ['fewer of them', { seconds: 300, streams: [1, 4], directions: ['upload'] }],
  ['other parts', { seconds: 3600, parts: ['mtu'] }],
  ['a host that stays', { seconds: 3600, target: { kind: 'host', host: '192.0.2.1' } }],
])('takes %s', (_, over) => expect(check(over)).not.toThrow())
