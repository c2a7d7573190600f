import { expect, it } from 'vitest'
import { ProbeTarget } from '../../../domain/probe/request.ts'
import { awsTarget } from './aws-target.ts'

const opened = (callerCidr: string) => {
  const bastions = { open: async () => ({ address: '203.0.113.10', callerCidr }) }
  const asked = ProbeTarget.parse({ kind: 'aws', region: 'us-west-2' }) as Extract<ProbeTarget, { kind: 'aws' }>
  const context = {
    id: 'probe-20261121-203315-3f9c2a',
    tell: () => undefined,
    signal: new AbortController().signal,
  }
  return awsTarget(() => bastions as unknown as ReturnType<Parameters<typeof awsTarget>[0]>).open(asked, context)
}

it.each([
  ['198.51.100.7/32', '198.51.100.7'],
  ['0.0.0.0/0', null],
])('measured from %s this host is %s', async (callerCidr, hostAddress) => {
  expect((await opened(callerCidr)).hostAddress).toBe(hostAddress)
})
