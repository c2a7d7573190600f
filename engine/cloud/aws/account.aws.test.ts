import { CreateSecurityGroupCommand, RunInstancesCommand, type Tag } from '@aws-sdk/client-ec2'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { DoctorCheck } from '../../../contract/app.ts'
import { deploymentTags, tagSpecifications } from './tags.ts'
import { allInstances } from './testing/holdings.ts'
import { type AwsWorld, openAwsWorld } from './testing/open-aws-world.ts'

/* The account's side, by the real command over the real SDK; nothing is deployed here. */

let world: AwsWorld

beforeAll(async () => {
  world = await openAwsWorld()
})
afterEach(() => world?.aws.account.denied.clear())
afterAll(() => world?.dispose())

const init = async (): Promise<{ code: number | null; checks: DoctorCheck[] }> => {
  const argv = ['init', '--vpc', world.network.vpcId, '--instance-types', 'c6gn.medium,t4g.nano', '--json']
  const { code, stdout } = await world.mole(argv)
  return { code, checks: (JSON.parse(stdout) as { checks: DoctorCheck[] }).checks }
}

const missing = (checks: readonly DoctorCheck[]): string[] =>
  checks.filter(({ state }) => state === 'missing').map(({ id }) => id)

describe('mole init', () => {
  it('finds an account ready, and changes nothing in it', async () => {
    const before = await world.holdings()
    const { code, checks } = await init()
    expect(missing(checks)).toEqual([])
    expect(code).toBe(0)
    expect(await world.holdings()).toEqual(before)
  })

  it('names what is not allowed, by the simulator', async () => {
    world.aws.account.denied.add('ec2:TerminateInstances')
    const { code, checks } = await init()
    expect(missing(checks)).toEqual(['permissions', 'permission:ec2:TerminateInstances'])
    expect(code).not.toBe(0)
  })

  it('names what is not allowed, by trial, and changes nothing by it', async () => {
    const before = await world.holdings()
    const from = world.aws.calls.length
    for (const action of ['iam:SimulatePrincipalPolicy', 'ec2:CreateSecurityGroup', 'ec2:DescribeVolumes'])
      world.aws.account.denied.add(action)
    const { checks } = await init()
    expect(missing(checks)).toEqual([
      'permissions',
      'permission:ec2:DescribeVolumes',
      'permission:ec2:CreateSecurityGroup',
    ])
    expect(checks.find(({ id }) => id === 'permissions')?.detail).toContain('DryRun')
    const writes = world.aws.calls.slice(from).filter(({ action }) => !/^(Describe|Get|Simulate)/.test(action))
    expect(writes.map(({ action }) => action)).toContain('RunInstances')
    expect(writes.filter(({ parameters }) => parameters.DryRun !== 'true')).toEqual([])
    expect(await world.holdings()).toEqual(before)
  })
})

describe('mole down --cleanup-all', () => {
  const leave = async (name: string, Tags: Tag[]): Promise<{ groupId: string; instanceId: string }> => {
    const { ec2 } = world.moto
    const group = await ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: name,
        Description: name,
        VpcId: world.network.vpcId,
        TagSpecifications: tagSpecifications(['security-group'], Tags),
      }),
    )
    const run = await ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-12c6146b',
        InstanceType: 't3.nano',
        MinCount: 1,
        MaxCount: 1,
        NetworkInterfaces: [
          {
            DeviceIndex: 0,
            SubnetId: world.network.publicSubnetIds[0],
            Groups: [group.GroupId ?? ''],
            AssociatePublicIpAddress: true,
            DeleteOnTermination: true,
          },
        ],
        UserData: Buffer.from('#!/bin/sh\nexit 0\n').toString('base64'),
        TagSpecifications: tagSpecifications(['instance', 'volume', 'network-interface'], Tags),
      }),
    )
    return { groupId: group.GroupId ?? '', instanceId: run.Instances?.[0]?.InstanceId ?? '' }
  }

  it('takes away what another machine left, and what is somebody else’s stays', async () => {
    const theirs = await leave('theirs', [{ Key: 'Name', Value: 'aws-beef00' }])
    const before = await world.holdings()
    const left = await leave('mole aws-beef00', deploymentTags('aws-beef00'))
    const { code, stdout, stderr } = await world.mole(['down', '--cleanup-all', '--force', '--json'])
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({ aws: { removed: ['aws-beef00'] } })
    expect(await world.holdings()).toEqual(before)
    const states = new Map((await allInstances(world.moto)).map(({ InstanceId, State }) => [InstanceId, State?.Name]))
    expect(states.get(left.instanceId)).toBe('terminated')
    expect(states.get(theirs.instanceId)).toBe('running')
  })
})
