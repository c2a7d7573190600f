import type { AppContract } from '../../contract/app.ts'
import type { Handlers } from '../../contract/define.ts'
import { ProbeRequest } from '../../domain/probe/request.ts'
import type { Probe } from './probe.ts'
import { reviewProbe } from './review.ts'

export type ProbeSide = Pick<
  Handlers<AppContract>,
  | 'probe.defaults'
  | 'probe.review'
  | 'probe.start'
  | 'probe.cancel'
  | 'probe.watch'
  | 'probe.history'
  | 'probe.read'
  | 'probe.delete'
>

/** What the contract asks of probes. */
export const probeHandlers = (probe: Probe): ProbeSide => ({
  'probe.defaults': async () => ProbeRequest.omit({ target: true }).parse({}),
  'probe.review': ({ target }) => reviewProbe(target),
  'probe.start': (request) => probe.start(request),
  'probe.cancel': async () => {
    await probe.cancel()
    return {}
  },
  'probe.watch': (_, { signal }) => probe.stream(signal),
  'probe.history': (_, { signal }) => probe.history(signal),
  'probe.read': async ({ id }) => probe.read(id),
  'probe.delete': async ({ id }) => {
    probe.remove(id)
    return {}
  },
})
