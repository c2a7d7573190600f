import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type PriceTable, parsePriceTable } from '../../../../domain/planner/price-table.ts'
import { DeploymentPlan } from '../../../../domain/tunnel-plan.ts'
import { packageRoot } from '../../../paths.ts'
import { skippingClock } from '../../../testing/skipping-clock.ts'
import type { BastionRequest, HostAccess, Whose } from '../../provider.ts'
import { awsProvider } from '../provider.ts'
import { openFakeAws, REGION, SUBNETS, VPC } from './fake-aws.ts'

export const ID = 'aws-3f9c2a'

/** A complete plan, in the fake's network. */
export const planWith = (aws: Record<string, unknown> = {}, rest: Record<string, unknown> = {}): DeploymentPlan =>
  DeploymentPlan.parse({
    target: 'aws',
    tunnels: 4,
    maxTunnels: 64,
    privateCidr: '10.20.0.0/16',
    ...rest,
    aws: {
      profile: 'lab',
      region: REGION,
      vpcId: VPC,
      subnetIds: [...SUBNETS],
      instanceTypes: ['c6gn.medium', 't4g.nano'],
      sourceCidr: '198.51.100.2/32',
      ...aws,
    },
  })

export const whoseWith = (aws: Record<string, unknown> = {}): Whose => ({ id: ID, plan: planWith(aws) })

const keyOf = (number: number): string => Buffer.alloc(32, number).toString('base64')

export const requestWith = (
  aws: Record<string, unknown> = {},
  { index = 1, launch = 1 }: { readonly index?: number; readonly launch?: number } = {},
): BastionRequest => ({
  ...whoseWith(aws),
  bastionId: `${ID}-b${index}`,
  index,
  launch,
  hostPublicKeys: Array.from({ length: 8 }, (_, at) => keyOf(index * 8 + at + 1)),
})

const nowhere = async (): Promise<never> => {
  throw new Error('the provider has no business with the host')
}
const HOST: HostAccess = { ensure: nowhere, find: nowhere, lives: nowhere, remove: nowhere }

/** The price table that is shipped first. */
export const shippedPrices = (): PriceTable =>
  parsePriceTable(JSON.parse(readFileSync(join(packageRoot(), 'resources/prices/ec2-2026-11-21.json'), 'utf8')))

/** Credentials, so that there are some. */
const NOBODY = { AWS_ACCESS_KEY_ID: 'AKIDOFNOBODY', AWS_SECRET_ACCESS_KEY: 'none' }

/** The provider on a fake AWS, on a clock on which waiting takes no time. Close `aws` when done. */
export const openProvider = () => {
  const clock = skippingClock()
  const aws = openFakeAws(clock)
  const prices = shippedPrices()
  const here = { address: '198.51.100.7' as string | null }
  const findAddress = async (): Promise<string> => {
    if (here.address === null) throw new Error('nobody answers')
    return here.address
  }
  const make = () => awsProvider({ host: HOST, clock, environment: NOBODY, prices: () => prices, findAddress })
  const told: string[] = []
  const signal = new AbortController().signal
  return { aws, clock, here, told, signal, tell: (line: string) => void told.push(line), provider: make(), make }
}
