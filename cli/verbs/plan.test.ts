import { describe, expect, it } from 'vitest'
import { PriceDocument } from '../../domain/planner/price-table.ts'
import { type RegionQuote, withRegion } from '../../domain/planner/refreshed-table.ts'
import { shippedDocument } from '../../domain/planner/testing/shipped-table.ts'
import { fakeEngine, NOTHING } from '../testing/fake-engine.ts'
import { fakeWorld, mole } from '../testing/fake-world.ts'
import { temporaryHome } from '../testing/temporary-home.ts'

const SAO_PAULO: RegionQuote = {
  published: '2026-12-01',
  onDemandUsdPerHour: new Map([['c6gn.medium', 0.066]]),
  publicIpv4UsdPerHour: 0.005,
  gp3UsdPerGbMonth: 0.152,
  dataOut: [{ upToGb: null, usdPerGb: 0.15 }],
  spot: new Map([['c6gn.medium', { leastUsdPerHour: 0.02, mostUsdPerHour: 0.03 }]]),
}

/** A world without an engine: a plan that looked for one would fail. */
const plan = (options: string) => mole(`plan ${options}`, fakeWorld(null))

describe('mole plan', () => {
  it('shows the choices, marks one, dates the prices and says how to deploy it', async () => {
    const { code, out } = await plan('--rate 5G')
    expect(code).toBe(0)
    expect(out).toMatch(/^> c6gn\.large +Graviton +2 +6 /m)
    expect(out).toMatch(/^ {2}c6in\.large +x86 .*\(not allowed\)$/m)
    expect(out).toMatch(/table of \d{4}-\d{2}-\d{2}/)
    expect(out).toMatch(/published 2025-03-02 +price of c6gn\.large/)
    expect(out).toMatch(/assumed +what one tunnel carries/)
    expect(out).toContain(
      'To deploy it: mole up --target aws --region us-west-2 --instance-type c6gn.large --bastions 2 --tunnels 6\n',
    )
    expect(out.match(/^> /gm)).toHaveLength(1)
  })

  it('gives JSON with every type and the source of each number', async () => {
    const { code, out } = await plan('--bytes 40TB --by 7d --budget 60 --json')
    expect(code).toBe(0)
    const { version, recommended, choices, sources, goal, notCounted } = JSON.parse(out)
    expect([version, goal.bytes]).toEqual([1, 40e12])
    expect(choices.map(({ instanceType }: { instanceType: string }) => instanceType)).toContain('c6gn.16xlarge')
    expect(notCounted).toContain('acknowledge an upload')
    expect(recommended).toMatchObject({ isAllowed: true, meets: { deadline: 'yes', budget: 'yes' } })
    for (const { from } of sources) expect(from.note).not.toBe('')
  })

  it('ends with 8 where nothing allowed does it, and says what would', async () => {
    const { code, out } = await plan('--rate 4G --instance-type t4g.nano --max-instances 1')
    expect(code).toBe(8)
    expect(out).toContain('aws.instance_types does not allow it')
    expect(out).not.toMatch(/^> /m)
  })

  it('goes by the configuration: types, instances, tunnels and region', async () => {
    const home = temporaryHome()
    try {
      home.write('.config/mole/config.yaml', 'aws:\n  instance_types: [c7gn.medium, x9.huge]\n  region: us-east-1\n')
      const world = fakeWorld(null, {}, home.files({ MOLE_AWS_MAX_INSTANCES: '2' }))
      const { code, out, err } = await mole('plan --rate 2G', world)
      expect(code).toBe(0)
      expect(out).toMatch(/^us-east-1, upload/)
      expect(out).toMatch(/^> c7gn\.medium +Graviton +2 +4 /m)
      expect(err).toContain('Left out, since no price in us-east-1 is known: x9.huge.')
    } finally {
      home.remove()
    }
  })

  it('asks AWS for the prices when told to, tells what changed, and has Spot beside on demand', async () => {
    const document = withRegion(PriceDocument.parse(shippedDocument()), 'sa-east-1', SAO_PAULO, '2026-12-02')
    const engine = fakeEngine(NOTHING, {
      'prices.refresh': async ({ profile, region }) => {
        expect([profile, region]).toEqual([null, 'sa-east-1'])
        return { document, changes: ['c6gn.medium, an hour: $0.0660, not known before.'] }
      },
    })
    const options = 'plan --rate 1G --region sa-east-1 --instance-type c6gn.medium'
    const { code, out, err } = await mole(`${options} --refresh`, fakeWorld(engine))
    expect(code).toBe(0)
    expect(err).toContain('c6gn.medium, an hour: $0.0660, not known before.')
    expect(out).toMatch(/table of 2026-12-02/)
    expect(out).toMatch(/an hour +an hour, Spot +a TB/)
    // 0.02 and 0.03, with the address and 8 GB of disk at 0.152 a month.
    expect(out).toMatch(/^> c6gn\.medium .* \$0\.0727 +\$0\.0267 \.\.\. \$0\.0367 /m)
    expect(out).toMatch(/measured 2026-12-02 +Spot price of c6gn\.medium/)
    expect(out).toContain('two minutes of notice')
    const json = JSON.parse((await mole(`${options} --refresh --json`, fakeWorld(engine))).out)
    expect(json.priceChanges).toHaveLength(1)
  })

  it('refuses a region that is none before anybody is asked', async () => {
    const { code, err } = await plan('--rate 1G --region moon --refresh')
    expect([code, err.includes('must be a region such as us-west-2')]).toEqual([2, true])
  })

  it.each([
    ['', 2, 'needs a goal'],
    ['--rate 5', 2, 'Did you mean "--rate 5G"?'],
    ['--rate 5G --region us-west2', 2, 'Did you mean "--region us-west-2"?'],
    ['--rate 5G --region sa-east-1', 3, 'no price of this region is known'],
    ['--rate 5G --region eu-west-1 --direction download', 3, 'No price of data out of eu-west-1 is known'],
    ['--rate 5G --instance-type c6gn.lage', 2, 'Did you mean "c6gn.large"?'],
    ['--rate 5G --instance-type c7gn.large', 2, 'Name others.'],
    ['--rate 5G --path-limit fast', 2, 'must be a rate on the wire'],
    ['--rate 5G --max-instances 0', 2, '--max-instances 0'],
    ['--rate 5G --streams none', 2, '--streams none'],
    ['--rate 5G --path-limit 3', 2, 'Did you mean "--path-limit 3G"?'],
    ['--rat 5G', 2, '--rate'],
  ])('refuses %j with %d', async (options, wanted, told) => {
    const { code, out, err } = await plan(options)
    expect([code, out]).toEqual([wanted, ''])
    expect(err).toContain(told)
  })

  it('says what acknowledges an upload, and that it is not counted', async () => {
    // 124 bytes for every two packets of 1,368: 45.3 GB a TB, at 9 cents; for every 47 of them 1.93.
    expect((await plan('--bytes 40TB')).out).toMatch(/Not counted: .* as data out: \$6\.94 to \$163\.16 here/)
    expect((await plan('--rate 5G')).out).toMatch(/Not counted: .* \$0\.174 to \$4\.08 a TB/)
    expect((await plan('--rate 5G --region eu-west-1')).out).toMatch(/Not counted: .* no price of it is known/)
    expect((await plan('--bytes 1TB --direction download')).out).not.toContain('Not counted')
  })

  it('says whether the budget holds the acknowledgements too', async () => {
    // $57.05 are left of 60: 163.16 × 2 / 57.05 is 5.7 packets.
    expect((await plan('--bytes 40TB --budget 60 --by 7d')).out).toContain(
      'holds them where it merges 6 packets or more',
    )
    expect((await plan('--bytes 40TB --budget 200 --by 7d')).out).toContain('holds them in any case')
    expect((await plan('--bytes 40TB --budget 5 --by 7d')).out).toContain('does not hold them')
    expect((await plan('--bytes 40TB --by 7d')).out).not.toContain('budget')
  })

  it('deploys more tunnels than the built-in configuration allows', async () => {
    const { out } = await plan('--rate 10G --max-tunnels 16')
    expect(out).toMatch(/To deploy it: MOLE_TUNNEL_MAX_TUNNELS=12 mole up .* --bastions 4 --tunnels 12\n/)
  })

  it('takes fewer tunnels than the configuration begins with', async () => {
    const { code, out } = await plan('--rate 1G --max-tunnels 1')
    expect(code).toBe(0)
    expect(out).toMatch(/^> c6gn\.medium +Graviton +1 +1 /m)
  })

  it('is narrowed by what a person knows', async () => {
    expect((await plan('--rate 5G --path-limit 1G')).out).toContain('the path itself is the limit')
    expect((await plan('--rate 5G --streams 1')).out).toContain('send over more streams')
    expect((await plan('--rate 2G --tunnel-limit 300M')).out).toMatch(
      /assumed +what one tunnel carries +as given: --tunnel-limit/,
    )
  })
})
