import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { accountOf } from '../../../engine/cloud/aws/access.ts'
import { awsClients } from '../../../engine/cloud/aws/clients.ts'
import { SUBNETS, TABLES, VPC } from '../../../engine/cloud/aws/testing/fake-aws.ts'
import { openProvider } from '../../../engine/cloud/aws/testing/open-provider.ts'
import { openMoney } from '../../../engine/money/money.ts'
import { shippedTable } from '../../planner/testing/shipped-table.ts'
import { bastionCount, type DeploymentPlan, slotsOfBastion } from '../../tunnel-plan.ts'
import { mergeValues } from '../merge.ts'
import { planOf } from '../plan-of.ts'
import { resolveLayers } from '../resolve.ts'
import { Config, type ConfigValues } from '../schema.ts'

const ID = 'aws-3f9c2a'
/** Two bastions, so that it is seen where each stands. */
const BASE: ConfigValues = {
  deployment: { target: 'aws', bastions: 2 },
  aws: { region: 'us-west-2', instance_types: ['t4g.nano'] },
}
const planWith = (values: ConfigValues): DeploymentPlan => planOf(Config.parse(mergeValues(BASE, values)))

/** The numbers of slots, as bytes: keys of nobody. */
const keysOf = (bastion: number): string[] =>
  slotsOfBastion(bastion).map((slot) => Buffer.alloc(32, slot).toString('base64'))

type Fake = ReturnType<typeof openProvider>

/** Deploys what a configuration asks for, in memory, and shows what AWS was asked for. */
const deployed = async (values: ConfigValues, show: (plan: DeploymentPlan, world: Fake) => void | Promise<void>) => {
  const world = openProvider()
  const { provider, tell, signal } = world
  try {
    const plan = await provider.complete(planWith(values))
    const whose = { id: ID, plan }
    await provider.prepare(whose, tell, signal)
    for (let index = 1; index <= bastionCount(plan); index += 1) {
      const request = { ...whose, bastionId: `${ID}-b${index}`, index, launch: 1, hostPublicKeys: keysOf(index) }
      await provider.launch(request, tell, signal)
    }
    await show(plan, world)
  } finally {
    world.aws.close()
  }
}

/** What the books tell of an instance that has run for a year. */
const spent = (values: ConfigValues): { readonly alerts: string[]; readonly shutDowns: number } => {
  const alerts: string[] = []
  let shutDowns = 0
  const year = 365 * 86_400_000
  const books = openMoney({
    store: {
      spending: () => null,
      saveSpending: () => undefined,
      forgetSpending: () => undefined,
    },
    recorded: null,
    clock: { wallMs: () => year },
    activity: { add: (_, kind) => alerts.push(kind) },
    readTable: () => shippedTable,
    onBudgetUsed: async () => {
      shutDowns += 1
    },
  })
  const machine = { instanceId: 'i-1', instanceType: 't4g.nano', zone: 'us-west-2a', launchedAtMs: 0 }
  books.observe(ID, planWith(values), [{ ...machine, market: 'on-demand', spotUsdPerHour: null }])
  return { alerts, shutDowns }
}

const runsOf = ({ aws }: Fake) =>
  aws.inputs('RunInstances') as {
    InstanceType: string
    UserData: string
    InstanceMarketOptions?: { MarketType: string }
    NetworkInterfaces: [{ SubnetId: string }]
  }[]
const subnetsOf = (world: Fake): string[] => runsOf(world).map(({ NetworkInterfaces: [first] }) => first.SubnetId)
const scriptOf = (world: Fake): string => Buffer.from(runsOf(world)[0]?.UserData ?? '', 'base64').toString('utf8')

const withCredentials = async (show: () => Promise<void>): Promise<void> => {
  const directory = await mkdtemp(join(tmpdir(), 'mole-'))
  const file = join(directory, 'credentials')
  await writeFile(file, '[nobody]\naws_access_key_id = AKIDOFNOBODY\naws_secret_access_key = none\n')
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file)
  vi.stubEnv('AWS_CONFIG_FILE', join(directory, 'none'))
  try {
    await show()
  } finally {
    vi.unstubAllEnvs()
    await rm(directory, { recursive: true, force: true })
  }
}

/** What each key of AWS does, shown on AWS in memory. */
export const AWS_SHOWN: Readonly<Record<string, () => void | Promise<void>>> = {
  'deployment.vpc': () =>
    deployed({ deployment: { vpc: VPC } }, async (plan, { aws, provider }) => {
      expect(plan.aws?.vpcId).toBe(VPC)
      expect(aws.groups.map(({ VpcId }) => VpcId)).toEqual([VPC])
      const elsewhere = provider.complete(planWith({ deployment: { vpc: 'vpc-99999999' } }))
      await expect(elsewhere).rejects.toMatchObject({ data: { field: 'deployment.vpc' } })
    }),
  'aws.profile': () =>
    withCredentials(async () => {
      const { ec2 } = awsClients(accountOf(planWith({ aws: { profile: 'nobody' } })))
      expect(await ec2.config.credentials()).toMatchObject({ accessKeyId: 'AKIDOFNOBODY' })
    }),
  'aws.region': async () => {
    const { ec2 } = awsClients(accountOf(planWith({ aws: { region: 'eu-west-1' } })))
    expect(await ec2.config.region()).toBe('eu-west-1')
  },
  'aws.instance_types': () =>
    deployed({ aws: { instance_types: ['c7gn.large', 'c6gn.medium', 't4g.nano'] } }, (_, world) => {
      // The first is offered nowhere in the fake.
      expect(runsOf(world).map(({ InstanceType }) => InstanceType)).toEqual(['c6gn.medium', 'c6gn.medium'])
    }),
  'aws.max_instances': () => {
    const problems = (most: number) =>
      resolveLayers([
        {
          kind: 'profile',
          values: { deployment: { target: 'aws', bastions: 3 }, aws: { max_instances: most } },
          where: () => ({ source: 'p.yaml', place: null }),
        },
      ]).problems
    expect(problems(2)).toHaveLength(1)
    expect(problems(3)).toEqual([])
  },
  'aws.availability_zones': () =>
    deployed({ aws: { availability_zones: ['us-west-2c', 'us-west-2a'] } }, (_, world) => {
      expect(subnetsOf(world)).toEqual([SUBNETS[2], SUBNETS[0]])
    }),
  'aws.subnets': () =>
    deployed({ aws: { subnets: [SUBNETS[1]] } }, (_, world) => {
      expect(subnetsOf(world)).toEqual([SUBNETS[1], SUBNETS[1]])
    }),
  'aws.market': async () => {
    for (const [market, wanted] of [
      ['on-demand', undefined],
      ['spot', 'spot'],
    ] as const)
      await deployed({ aws: { market } }, (_, world) => {
        for (const { InstanceMarketOptions } of runsOf(world)) expect(InstanceMarketOptions?.MarketType).toBe(wanted)
      })
  },
  'aws.source_cidr': async () => {
    const sources = ({ aws }: Fake) =>
      aws.groups.flatMap(({ IpPermissions = [] }) =>
        IpPermissions.flatMap(({ IpRanges = [] }) => IpRanges.map(({ CidrIp }) => CidrIp)),
      )
    await deployed({ aws: { source_cidr: '192.0.2.0/28' } }, (_, world) => {
      expect(sources(world)).toEqual(['192.0.2.0/28'])
    })
    await deployed({}, (_, world) => {
      expect(sources(world)).toEqual(['198.51.100.7/32'])
    })
  },
  'aws.routing': async () => {
    const routes = ({ aws }: Fake) =>
      aws.tables.filter(({ Routes = [] }) => Routes.some((route) => route.DestinationCidrBlock === '10.100.0.0/16'))
    await deployed({ deployment: { bastions: 1 }, aws: { routing: 'routes' } }, (_, world) => {
      expect(routes(world).map(({ RouteTableId }) => RouteTableId)).toEqual([TABLES.lent])
      expect(scriptOf(world)).toMatch(/^private_routing=routes$/m)
    })
    await deployed({ aws: { routing: 'nat' } }, (_, world) => {
      expect(routes(world)).toEqual([])
      expect(scriptOf(world)).toMatch(/^private_routing=nat$/m)
    })
  },
  'aws.budget_usd': () => {
    expect(spent({ aws: { budget_usd: 1 } }).alerts).toEqual(['budget.50', 'budget.80', 'budget.100'])
    expect(spent({ aws: { budget_usd: 1_000_000 } }).alerts).toEqual([])
    expect(spent({}).alerts).toEqual([])
  },
  'aws.at_budget': () => {
    expect(spent({ aws: { budget_usd: 1, at_budget: 'alert' } }).shutDowns).toBe(0)
    expect(spent({ aws: { budget_usd: 1, at_budget: 'shut-down' } }).shutDowns).toBe(1)
  },
  'aws.lease': () =>
    deployed({ aws: { lease: '2h' } }, (_, world) => {
      expect(scriptOf(world)).toMatch(/^lease=7200$/m)
    }),
}
