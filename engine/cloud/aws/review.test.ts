import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ASSUMPTIONS } from '../../../domain/planner/conditions.ts'
import { hourlyCostOf } from '../../../domain/planner/cost.ts'
import { TABLES } from './testing/fake-aws.ts'
import { openProvider, planWith, shippedPrices } from './testing/open-provider.ts'

let world: ReturnType<typeof openProvider>
beforeEach(() => {
  world = openProvider()
})
afterEach(() => world.aws.close())

const review = (aws: Record<string, unknown> = {}, rest: Record<string, unknown> = {}) =>
  world.provider.review(planWith(aws, rest))
const detailsOf = ({ resources }: Awaited<ReturnType<typeof review>>, kind: string) =>
  resources.filter((each) => each.kind === kind).map(({ name, detail }) => `${name} ${detail}`)

describe('the review', () => {
  it('names each thing and its place, and changes nothing', async () => {
    const all = await review({}, { bastions: 2 })
    expect(detailsOf(all, 'security group')).toEqual([
      expect.stringMatching(/vpc-0a1b2c3d "research": UDP 51821–51836 from 198.51.100.2\/32, nothing else/),
    ])
    expect(detailsOf(all, 'instance')).toEqual([
      expect.stringMatching(/bastion 1: c6gn.medium us-west-2a/),
      expect.stringMatching(/bastion 2: c6gn.medium us-west-2b/),
    ])
    expect(detailsOf(all, 'volume')[0]).toMatch(/^2 .*encrypted/)
    expect(detailsOf(all, 'public IPv4')[0]).toMatch(/^2 /)
    expect(detailsOf(all, 'image')[0]).toContain('al2023-ami-kernel-default-arm64')
    expect(detailsOf(all, 'route')).toEqual([])
    expect(world.aws.calls.filter(({ name }) => !/^(Describe|Get)/.test(name))).toEqual([])
  })

  it('lists the route tables it will change', async () => {
    const lines = detailsOf(await review({ routing: 'routes' }), 'route')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(TABLES.lent)
  })

  it('costs what the table says, of the day it says', async () => {
    const table = shippedPrices()
    const prices = table.regions.get('us-west-2')
    const two = prices === undefined ? null : hourlyCostOf('c6gn.medium', 2, prices, ASSUMPTIONS)
    const { costUsdPerHour, costNote } = await review({}, { bastions: 2 })
    expect(costUsdPerHour).toBeCloseTo(two?.totalUsd ?? Number.NaN, 9)
    expect(costNote).toContain(table.compiled)
    expect(costNote).toMatch(/leaves AWS for the internet costs \$/)
  })

  it('costs the Spot price where it is known, and says so where it is not', async () => {
    const known = await review({ market: 'spot', instanceTypes: ['t4g.nano'] })
    const onDemand = await review({ instanceTypes: ['t4g.nano'] })
    expect(known.costUsdPerHour).toBeLessThan(onDemand.costUsdPerHour ?? 0)
    expect(known.warnings.join(' ')).toMatch(/take a Spot instance back/)
    expect((await review({ market: 'spot' })).costNote).toMatch(/the on-demand price is taken/)
  })

  it('has no price where the table has none', async () => {
    const { costUsdPerHour, costNote } = await review({ instanceTypes: ['c6in.large'], region: 'us-west-2' })
    const known = shippedPrices().regions.get('us-west-2')?.onDemandUsdPerHour.has('c6in.large') === true
    expect(costUsdPerHour === null).toBe(!known)
    expect(costNote).toMatch(known ? /An hour/ : /no price/)
  })

  it('warns of what a number does not show', async () => {
    const { warnings } = await review({
      instanceTypes: ['t4g.nano', 'c7gn.large', 'c9zz.large'],
      sourceCidr: '198.51.0.0/16',
    })
    const text = warnings.join('\n')
    expect(text).toMatch(/t4g.nano carries 32 Mbit\/s for long; up to 5 Gbit\/s/)
    expect(text).toMatch(/t4g.nano earns CPU credits/)
    expect(text).toMatch(/c7gn.large is not offered/)
    expect(text).toMatch(/c9zz.large is not known/)
    expect(text).toMatch(/All of the VPC’s network 10.20.0.0\/16/)
    expect(text).toMatch(/open to 65536 addresses/)
    expect((await review()).warnings.join('\n')).toMatch(/internet gateway c6gn.medium carries at most 5 Gbit\/s/)
  })
})
