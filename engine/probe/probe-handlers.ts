import type { AppContract } from '../../contract/app.ts'
import type { Handlers } from '../../contract/define.ts'
import type { TargetId } from '../../domain/tunnel-plan.ts'
import type { ProbeBastions } from '../cloud/provider.ts'
import type { Configuration } from '../config/configuration.ts'
import type { Prices } from '../prices/prices.ts'
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

/** What the contract asks of probes. `up`: where what is up is. */
export const probeHandlers = (
  probe: Probe,
  configuration: Pick<Configuration, 'probeOf'>,
  bastions: () => ProbeBastions | undefined,
  prices: Pick<Prices, 'know'>,
  up: () => TargetId | null,
): ProbeSide => ({
  'probe.defaults': ({ profile }) => configuration.probeOf(profile),
  'probe.review': async ({ target }) => {
    if (target.kind === 'aws') await prices.know({ profile: target.profile, region: target.region })
    return reviewProbe(target, bastions, up())
  },
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
