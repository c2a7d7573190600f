import { describe, expect, it } from 'vitest'
import { planFrom } from './plan-options.ts'

const withFile = (text: string) => ({ readText: async () => text })
const noFile = {
  readText: async (): Promise<string> => {
    throw Object.assign(new Error('no'), { code: 'ENOENT' })
  },
}

describe('the plan of mole up', () => {
  it('is the default plan without anything', async () => {
    expect(await planFrom(noFile, {})).toMatchObject({ target: 'lab', tunnels: 4, mtuBytes: 1420 })
  })

  it('takes every option', async () => {
    const options = {
      target: 'aws',
      tunnels: '8',
      pathRate: '50M',
      baseCidr: '10.99.0.0/16',
      privateCidr: '10.42.0.0/24',
      mtu: '8900',
    }
    expect(await planFrom(noFile, options)).toEqual({
      target: 'aws',
      tunnels: 8,
      labPathRateBitsPerSecond: 50_000_000,
      baseCidr: '10.99.0.0/16',
      privateCidr: '10.42.0.0/24',
      mtuBytes: 8900,
    })
  })

  it('lets options win over the file', async () => {
    const plan = await planFrom(withFile('tunnels: 2\nmtuBytes: 1300\n'), { file: 'plan.yaml', tunnels: '6' })
    expect(plan).toMatchObject({ tunnels: 6, mtuBytes: 1300 })
  })

  it.each([
    [{ tunnels: '0' }, '--tunnels 0: must be at least 1'],
    [{ tunnels: '99' }, '--tunnels 99: must be at most 8'],
    [{ tunnels: 'many' }, '--tunnels many: must be a whole number'],
    [{ tunnels: '1e1' }, '--tunnels 1e1: must be a whole number'],
    [{ tunnels: '' }, '--tunnels : must be a whole number'],
    [{ target: 'mars' }, '--target mars: must be "lab" or "aws"'],
    [{ mtu: '500' }, '--mtu 500: must be at least 1280'],
    [{ baseCidr: '10.100.0.0/24' }, '--base-cidr 10.100.0.0/24: must be a /16'],
    [{ privateCidr: '10.100.7.0/24' }, '--private-cidr 10.100.7.0/24: 10.100.7.0/24 overlaps'],
    [{ privateCidr: '127.0.0.0/8' }, '--private-cidr 127.0.0.0/8: 127.0.0.0/8 covers loopback'],
    [{ pathRate: 'fast' }, '--path-rate: "fast" is not a rate.'],
    [{ pathRate: '1' }, '--path-rate 1: must be at least 1000000'],
  ])('refuses %j, naming the option', async (options, expected) => {
    await expect(planFrom(noFile, options)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining(expected),
      data: { meaning: 'Nothing was changed.', nextStep: expect.any(String) },
    })
  })

  it('names the line of a bad value in the file', async () => {
    const bad = planFrom(withFile('target: lab\ntunnels: 99\n'), { file: 'plan.yaml' })
    await expect(bad).rejects.toMatchObject({
      message: expect.stringContaining('plan.yaml:2:10: tunnels: must be at most 8'),
    })
  })

  it('names a file that is not there', async () => {
    await expect(planFrom(noFile, { file: 'nowhere.yaml' })).rejects.toMatchObject({
      code: 'bad-input',
      message: 'nowhere.yaml is not there.',
    })
  })
})
