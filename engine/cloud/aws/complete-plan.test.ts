import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AwsVpc } from '../../../contract/app.ts'
import { assertApart, chooseSubnets, chooseVpc } from './choose-network.ts'
import { awsPlanOf, regionOfPlan } from './complete-plan.ts'
import { SUBNETS, TABLES, VPC } from './testing/fake-aws.ts'
import { openProvider, planWith } from './testing/open-provider.ts'

let world: ReturnType<typeof openProvider>
beforeEach(() => {
  world = openProvider()
})
afterEach(() => world.aws.close())

const OPEN = { vpcId: null, subnetIds: [], sourceCidr: null }
const complete = (aws: Record<string, unknown>, rest: Record<string, unknown> = {}) =>
  world.provider.complete(planWith(aws, rest))

describe('completing a plan', () => {
  it('fills in the VPC, one public subnet for each zone, its network and this host’s address', async () => {
    const plan = await complete(OPEN, { privateCidr: '10.200.0.0/24' })
    expect(plan.privateCidr).toBe('10.20.0.0/16')
    expect(plan.aws).toMatchObject({ vpcId: VPC, subnetIds: [...SUBNETS], sourceCidr: '198.51.100.7/32' })
  })

  it('leaves a complete plan as it is, and changes nothing in the cloud', async () => {
    const plan = await complete(OPEN)
    expect(await world.provider.complete(plan)).toEqual(plan)
    expect(new Set(world.aws.calls.map(({ name }) => name.replace(/^(Describe|Get).*/, 'looked')))).toEqual(
      new Set(['looked']),
    )
  })

  it('keeps a network that was asked for', async () => {
    const plan = await complete({ ...OPEN, wholeVpc: false }, { privateCidr: '10.20.9.0/24' })
    expect(plan.privateCidr).toBe('10.20.9.0/24')
  })

  it('takes the zones asked for in their order, and passes over those of other regions', async () => {
    const inTurn = await complete({ ...OPEN, availabilityZones: ['us-west-2c', 'eu-west-1a', 'us-west-2a'] })
    expect(inTurn.aws?.subnetIds).toEqual([SUBNETS[2], SUBNETS[0]])
    const elsewhere = await complete({ ...OPEN, availabilityZones: ['eu-west-1a'] })
    expect(elsewhere.aws?.subnetIds).toEqual([...SUBNETS])
  })

  it.each([
    [
      'a VPC that is not there',
      { vpcId: 'vpc-99999999' },
      {},
      'deployment.vpc',
      /vpc-0a1b2c3d "research" 10.20.0.0\/16/,
    ],
    ['a subnet that is not there', { subnetIds: ['subnet-99999999'] }, {}, 'aws.subnets', /subnet-0000000a/],
    ['a private subnet', { subnetIds: ['subnet-0000000d'] }, {}, 'aws.subnets', /internet gateway/],
    [
      'a zone without a public subnet',
      { subnetIds: [], availabilityZones: ['us-west-2f'] },
      {},
      'aws.subnets',
      /subnet-0000000a/,
    ],
    ['types nobody knows', { instanceTypes: ['c9zz.medium'] }, {}, 'aws.instance_types', /c9zz.medium is not known/],
    ['types not offered', { instanceTypes: ['c7gn.large'] }, {}, 'aws.instance_types', /not offered/],
    [
      'tunnels in the VPC’s network',
      {},
      { baseCidr: '10.20.0.0/16', privateCidr: '10.99.0.0/24' },
      'tunnel.base_cidr',
      /10.20.0.0\/16/,
    ],
  ])('refuses %s and says what there is', async (_what, aws, rest, field, words) => {
    const error = await complete(aws, rest).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'bad-input', data: { nextStep: expect.stringMatching(/\S/) } })
    const { message, data } = error as { message: string; data: { field: string; meaning: string; nextStep: string } }
    expect(data.field).toBe(field)
    expect(`${message} ${data.meaning}`).toMatch(words)
  })

  it('wants route tables that are marked for it where it is to change them', async () => {
    await complete({ routing: 'routes' })
    for (const table of world.aws.tables) table.Tags = []
    await expect(complete({ routing: 'routes' })).rejects.toMatchObject({
      code: 'bad-input',
      data: { field: 'aws.routing', nextStep: expect.stringContaining(TABLES.public) },
    })
  })
})

describe('the region', () => {
  let directory = ''
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mole-'))
    await writeFile(join(directory, 'config'), '[profile far]\nregion = ap-south-1\n')
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))
  const regionFor = (aws: Record<string, unknown>, environment: Record<string, string> = {}) =>
    regionOfPlan(awsPlanOf(planWith({ region: null, profile: null, ...aws })), {
      AWS_CONFIG_FILE: join(directory, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(directory, 'none'),
      ...environment,
    })

  it('is the plan’s, the environment’s, the profile’s, or that of the zones, in this order', async () => {
    const all = { region: 'eu-west-1', profile: 'far', availabilityZones: ['us-east-2a'] }
    const environment = { AWS_REGION: 'eu-north-1', AWS_DEFAULT_REGION: 'sa-east-1' }
    expect(await regionFor(all, environment)).toBe('eu-west-1')
    expect(await regionFor({ ...all, region: null }, environment)).toBe('eu-north-1')
    expect(await regionFor({ ...all, region: null }, { AWS_DEFAULT_REGION: 'sa-east-1' })).toBe('sa-east-1')
    expect(await regionFor({ ...all, region: null })).toBe('ap-south-1')
    expect(await regionFor({ availabilityZones: ['us-east-2a'] })).toBe('us-east-2')
  })

  it('that nothing tells is asked for by its key', async () => {
    await expect(regionFor({})).rejects.toMatchObject({ code: 'bad-input', data: { field: 'aws.region' } })
    const spoilt = regionFor({ availabilityZones: ['us-east-2a'] }, { AWS_REGION: 'nowhere' })
    await expect(spoilt).rejects.toMatchObject({ code: 'bad-input', data: { field: 'aws.region' } })
  })
})

describe('choosing networks', () => {
  const subnet = (id: string, zone: string, isPublic: boolean, freeAddresses = 10) => ({
    id,
    name: '',
    zone,
    cidr: '10.0.0.0/24',
    isPublic,
    freeAddresses,
  })
  const vpc = (subnets: AwsVpc['subnets'], isDefault = true): AwsVpc => ({
    id: 'vpc-1',
    name: '',
    isDefault,
    cidrs: ['10.0.0.0/16', '10.100.0.0/16'],
    subnets,
  })
  const anywhere = { subnetIds: [], availabilityZones: [] }

  it('takes of a zone the subnet with the most free addresses, none that is full, no local zone', () => {
    const subnets = [
      subnet('subnet-1', 'us-west-2a', true, 5),
      subnet('subnet-2', 'us-west-2a', true, 50),
      subnet('subnet-3', 'us-west-2b', true, 0),
      subnet('subnet-4', 'us-west-2-lax-1a', true),
      subnet('subnet-5', 'us-west-2c', false),
    ]
    expect(chooseSubnets(vpc(subnets), anywhere, 'us-west-2').map(({ id }) => id)).toEqual(['subnet-2'])
  })

  it('never gives an empty list', () => {
    for (const subnets of [[], [subnet('subnet-1', 'us-west-2a', false)], [subnet('subnet-1', 'us-west-2a', true, 0)]])
      expect(() => chooseSubnets(vpc(subnets), anywhere, 'us-west-2')).toThrowError(/no public subnet/)
  })

  it('says that a region has no default VPC, and which there are', () => {
    expect(() => chooseVpc([vpc([], false)], null, 'us-west-2')).toThrowError(/no default VPC/)
    expect(() => chooseVpc([], 'vpc-9', 'us-west-2')).toThrowError(/no VPC vpc-9/)
  })

  it('keeps the tunnels apart from every network of the VPC, and names a free one', () => {
    expect(() => assertApart('10.99.0.0/16', vpc([]))).not.toThrow()
    expect(() => assertApart('10.100.0.0/16', vpc([]))).toThrowError(
      expect.objectContaining({
        data: expect.objectContaining({ nextStep: expect.stringContaining('10.101.0.0/16') }),
      }),
    )
  })
})
