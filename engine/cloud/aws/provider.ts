import type { PriceTable } from '../../../domain/planner/price-table.ts'
import { type Clock, systemClock } from '../../clock.ts'
import { errorOf } from '../../problem.ts'
import type { CloudProvider, HostAccess } from '../provider.ts'
import type { FindAddress } from './find-address.ts'
import { observeAwsProblem } from './problem.ts'
import type { AwsWork } from './work.ts'

export type AwsOptions = {
  /** Where the tunnels' near end lives. */
  readonly host: HostAccess
  /** The price table in force. */
  readonly prices: () => PriceTable
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly clock?: Clock
  /** Finds this host's public address; default: AWS is asked. */
  readonly findAddress?: FindAddress
}

const POLL_MS = 2000
/** Drift is seen within a minute. */
const WATCH_MS = 30_000

/** Amazon EC2 as a cloud: bastions are instances in a VPC of the user's. The SDK is loaded when it is first needed. */
export const awsProvider = ({
  host,
  environment = process.env,
  clock = systemClock,
  ...rest
}: AwsOptions): CloudProvider => {
  let loading: Promise<AwsWork> | null = null
  const work = (): Promise<AwsWork> => {
    loading ??= import('./work.ts').then(({ awsWork }) => awsWork({ environment, clock, ...rest }))
    return loading
  }
  return {
    id: 'aws',
    title: 'Amazon EC2',
    summary: 'Bastions as EC2 instances in a VPC of yours. It costs money for as long as they run.',
    host,
    pollMs: POLL_MS,
    watchMs: WATCH_MS,
    problem: () => observeAwsProblem(environment, clock),
    complete: async (plan) => {
      // Without credentials nothing else matters, and nothing is asked of the network.
      const problem = await observeAwsProblem(environment, clock)
      if (problem !== null) throw errorOf(problem)
      return (await work()).complete(plan)
    },
    review: async (...given) => (await work()).review(...given),
    observe: async (...given) => (await work()).observe(...given),
    prepare: async (...given) => (await work()).prepare(...given),
    launch: async (...given) => (await work()).launch(...given),
    publishedEnds: async (...given) => (await work()).publishedEnds(...given),
    probing: {
      review: async (...given) => {
        const problem = await observeAwsProblem(environment, clock)
        if (problem !== null) throw errorOf(problem)
        return (await work()).probing.review(...given)
      },
      open: async (...given) => (await work()).probing.open(...given),
      remove: async (...given) => (await work()).probing.remove(...given),
    },
    terminate: async (...given) => (await work()).terminate(...given),
    remove: async (...given) => (await work()).remove(...given),
    // Of no deployment that is recorded: what lost state has left is found by tag, when somebody asks for it.
    leftovers: async (whose, signal) => (whose === null ? [] : (await work()).leftovers(whose, signal)),
  }
}
