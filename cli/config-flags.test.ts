import { describe, expect, it } from 'vitest'
import { CONFIG_KEYS, findKey } from '../domain/config/keys.ts'
import { documentValues, flagOfKey, flagValuesOf } from './config-flags.ts'

const bad = (options: Record<string, string>) => {
  try {
    flagValuesOf(options)
  } catch (error) {
    return error
  }
  throw new Error('was not refused')
}

describe('options that set keys of the configuration', () => {
  it('say what a document would say', () => {
    const options = {
      target: 'aws',
      tunnels: '8',
      pathRate: '50M',
      baseCidr: '10.99.0.0/16',
      privateCidr: '10.42.0.0/24',
      mtu: '8900',
      vpc: 'vpc-12345',
      instanceType: 'c6gn.medium,c6gn.large',
      autoOptimize: true,
      yes: true,
    }
    expect(documentValues(flagValuesOf(options))).toEqual({
      deployment: {
        target: 'aws',
        tunnels: 8,
        private_cidr: '10.42.0.0/24',
        vpc: 'vpc-12345',
        auto_optimize: true,
      },
      tunnel: { base_cidr: '10.99.0.0/16', mtu: 8900 },
      lab: { path_rate: '50M' },
      aws: { instance_types: ['c6gn.medium', 'c6gn.large'] },
    })
  })

  it('say everything about AWS', () => {
    const options = {
      bastions: '2',
      region: 'eu-west-1',
      awsProfile: 'research-aws',
      instanceTypes: 't4g.small, c6gn.medium',
      subnets: 'subnet-12345,subnet-67890',
      zones: 'eu-west-1a',
      maxInstances: '6',
      spot: true,
      sourceCidr: '198.51.100.2/32',
      routing: 'routes',
      lease: '2h',
      budget: '12.50',
      atBudget: 'shut-down',
    }
    expect(documentValues(flagValuesOf(options))).toEqual({
      deployment: { target: 'aws', bastions: 2 },
      aws: {
        region: 'eu-west-1',
        profile: 'research-aws',
        instance_types: ['t4g.small', 'c6gn.medium'],
        subnets: ['subnet-12345', 'subnet-67890'],
        availability_zones: ['eu-west-1a'],
        max_instances: 6,
        market: 'spot',
        source_cidr: '198.51.100.2/32',
        routing: 'routes',
        lease: '2h',
        budget_usd: 12.5,
        at_budget: 'shut-down',
      },
    })
  })

  it('have one for every key of the deployment and of AWS', () => {
    const keys = CONFIG_KEYS.map(({ path }) => path).filter((path) => /^(deployment|aws)\./.test(path))
    expect(keys.filter((path) => flagOfKey(path) === null)).toEqual([])
  })

  it('may be two of one key, when they agree', () => {
    expect(flagValuesOf({ spot: true, market: 'spot' }).filter(({ path }) => path === 'aws.market')).toHaveLength(1)
    expect(bad({ spot: 'true', market: 'on-demand' })).toMatchObject({
      code: 'bad-input',
      message: '--market and --spot say different things of one key, aws.market.',
    })
  })

  it('name keys that there are', () => {
    const flags = flagValuesOf({ tunnels: '1', mtu: '1400', pathRate: '1G' })
    for (const { flag, path } of flags) {
      expect(findKey(path)).not.toBeNull()
      expect(flagOfKey(path)).toBe(flag)
    }
    expect(flagOfKey('scaling.scale_interval')).toBeNull()
  })

  it.each([{ vpc: 'vpc-12345' }, { instanceType: 't4g.nano' }])('%j means AWS', (options) => {
    const [flag] = Object.keys(options).map((name) => (name === 'vpc' ? '--vpc' : '--instance-type'))
    expect(flagValuesOf(options)).toContainEqual({ flag, path: 'deployment.target', value: 'aws' })
    expect(documentValues(flagValuesOf({ ...options, target: 'aws' })).deployment?.target).toBe('aws')
    expect(bad({ ...options, target: 'lab' })).toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining(`${flag} is for the target aws`),
      data: { field: flag },
    })
  })

  it.each([
    [{ tunnels: '0' }, '--tunnels 0: must be at least 1'],
    [{ tunnels: '99' }, '--tunnels 99: must be at most 64'],
    [{ tunnels: 'many' }, '--tunnels many: must be a whole number'],
    [{ tunnels: '1e1' }, '--tunnels 1e1: must be a whole number'],
    [{ tunnels: '' }, '--tunnels : must be a whole number'],
    [{ target: 'mars' }, '--target mars: must be "lab" or "aws"'],
    [{ mtu: '500' }, '--mtu 500: must be at least 1280'],
    [{ baseCidr: '10.100.0.0/24' }, '--base-cidr 10.100.0.0/24: must be a /16'],
    [{ privateCidr: 'fd00::/64' }, '--private-cidr fd00::/64: must be an IPv4 network'],
    [{ pathRate: 'fast' }, '--path-rate fast: must be a rate'],
    [{ pathRate: '1k' }, '--path-rate 1k: must be at least 1M'],
    [{ vpc: '../vpc' }, '--vpc ../vpc: must be the id of a VPC'],
    [{ budget: '1e3' }, '--budget 1e3: must be an amount'],
    [{ budget: '0' }, '--budget 0: must be'],
    [{ lease: '24' }, '--lease 24: must be'],
    [{ market: 'free' }, '--market free: must be "on-demand" or "spot"'],
    [{ subnets: 'a' }, '--subnets a: must be the id of a subnet'],
    [{ bastions: '9' }, '--bastions 9: must be at most 8'],
    [{ instanceType: 'big' }, '--instance-type big: must be an instance type'],
    [{ vpc: 'vpc-1\u001b[2J' }, '--vpc vpc-1 [2J: must be'],
  ])('refuses %j, naming the option', (options, expected) => {
    expect(bad(options)).toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining(expected),
      data: { field: expect.stringMatching(/^--/), meaning: 'Nothing was changed.', nextStep: expect.any(String) },
    })
  })
})
