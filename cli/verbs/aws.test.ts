import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DoctorCheck } from '../../contract/app.ts'
import { openWorkspaces } from '../../engine/cloud/terraform/workspaces.ts'
import { type AWS_PLAN, inAws, SECURITY_GROUP } from '../testing/aws-view.ts'
import { act, connected, type FakeEngine, fakeEngine, NOTHING, refusing } from '../testing/fake-engine.ts'
import { fakeWorld, mole } from '../testing/fake-world.ts'
import { type TemporaryHome, temporaryHome } from '../testing/temporary-home.ts'

let home: TemporaryHome
beforeEach(() => {
  home = temporaryHome()
})
afterEach(() => home.remove())

const names = ({ calls }: FakeEngine): string[] => calls.map(([name]) => name)

const check = (id: string, state: DoctorCheck['state']): DoctorCheck => ({
  id,
  title: `Title of ${id}`,
  state,
  detail: 'looked at',
  remedy: state === 'ok' ? null : `Allow ${id}.`,
})
const checking = (...checks: DoctorCheck[]) => fakeEngine(NOTHING, { 'aws.check': async () => ({ checks }) })
const config = (): string => readFileSync(join(home.directory, '.config/mole/config.yaml'), 'utf8')

describe('mole init', () => {
  it('keeps what was named, with everything else in the file, after saying so', async () => {
    home.write('.config/mole/config.yaml', '# mine\ntunnel:\n  mtu: 1400\n')
    const engine = checking(check('identity', 'ok'), check('quota:vcpu', 'warning'))
    const world = fakeWorld(engine, {}, home.files())
    const { code, out, err } = await mole('init --profile research-aws --region us-west-2 --json', world)
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      ready: true,
      checks: [{ id: 'identity' }, { id: 'quota:vcpu' }],
      saved: { 'aws.profile': 'research-aws', 'aws.region': 'us-west-2' },
    })
    expect(err).toContain('Keeping aws.profile: research-aws, aws.region: us-west-2 in ~/.config/mole/config.yaml')
    expect(config()).toContain('# mine\ntunnel:\n  mtu: 1400\n')
    expect(config()).toContain('region: us-west-2')
    expect(engine.calls.at(-1)?.[1]).toMatchObject({ profile: 'research-aws', region: 'us-west-2', vpcId: null })
  })

  it('names each missing action and the remedy, saves nothing, and ends with 7', async () => {
    const action = 'permission:ec2:RunInstances'
    const allowed = ['permission:ec2:CreateTags', 'permission:ec2:CreateRoute'].map((id) => check(id, 'ok'))
    const summary = check('permissions', 'missing')
    const engine = checking(summary, check(action, 'missing'), ...allowed, check('quota:vcpu', 'missing'))
    const world = fakeWorld(engine, {}, home.files())
    const { code, out, err } = await mole('init --region us-west-2', world)
    expect(code).toBe(7)
    expect(out).toContain(`✗ Title of ${action}: looked at\n    To get it: Allow ${action}.`)
    expect(out).toContain('✓ 2 permissions: allowed, of 3\n')
    expect(out).not.toContain('ec2:CreateTags')
    expect(err).toContain('2 things are missing')
    expect(err).toContain(`Title of ${action}, Title of quota:vcpu. Nothing was saved.`)
    expect(err).toMatch(/Next: Give the JSON of "mole init --policy" .*\. Ask for more in the Service Quotas console/)
    expect(config).toThrow(/ENOENT/)
    const json = JSON.parse((await mole('init --json', fakeWorld(engine, {}, home.files()))).out)
    expect(json).toMatchObject({ ok: false, error: { code: 'denied' }, ready: false, saved: {} })
  })

  it('ends with 8 where only a quota is in the way', async () => {
    expect((await mole('init', fakeWorld(checking(check('quota:vcpu', 'missing')), {}, home.files()))).code).toBe(8)
  })

  it.each([
    ['public-subnet', 4],
    ['credentials', 7],
  ])('gives the next step for what is missing, which is %s', async (id, expected) => {
    const permission = check('permission:ec2:RunInstances', 'ok')
    const world = fakeWorld(checking(check(id, 'missing'), check('permissions', 'ok'), permission), {}, home.files())
    const { code, out, err } = await mole('init', world)
    expect(code).toBe(expected)
    expect(out).toContain(`✗ Title of ${id}: looked at\n`)
    expect(err).toContain(`Next: Allow ${id}. Then give the command again.`)
    expect(err).not.toContain('--policy')
  })

  it('tells permissions in one line where all are there, and each with --json', async () => {
    const permissions = ['one', 'two', 'three'].map((name) => check(`permission:ec2:${name}`, 'ok'))
    const all = [check('vpc', 'ok'), { ...check('permissions', 'ok'), detail: 'Simulated.' }, ...permissions]
    const ask = (command: string) => mole(command, fakeWorld(checking(...all), {}, home.files()))
    const { out, err } = await ask('init --vpc vpc-12345')
    expect(err).toBe('')
    expect(out.trimEnd().split('\n')).toEqual([
      '✓ Title of vpc: looked at',
      '✓ 3 permissions: all that are needed are allowed. Simulated.',
      'AWS is ready. To begin: mole up --vpc vpc-12345',
    ])
    expect(JSON.parse((await ask('init --json')).out).checks).toHaveLength(5)
  })

  it('says how to log in again where credentials have expired', async () => {
    const expired = refusing('credentials-expired', 'The session has expired.', { nextStep: 'aws sso login' })
    const world = fakeWorld(fakeEngine(NOTHING, { 'aws.check': expired }), {}, home.files())
    const { code, err } = await mole('init', world)
    expect(code).toBe(7)
    expect(err).toContain('Next: aws sso login')
  })

  it('keeps nothing where nothing was named', async () => {
    const world = fakeWorld(checking(check('identity', 'ok')), {}, home.files())
    expect(JSON.parse((await mole('init --json', world)).out)).toMatchObject({ ready: true, saved: {} })
    expect(config).toThrow(/ENOENT/)
  })

  it('prints the policy alone on stdout', async () => {
    const policy = { Version: '2012-10-17', Statement: [] }
    const engine = fakeEngine(NOTHING, { 'aws.policy': async () => ({ text: JSON.stringify(policy) }) })
    const { code, out, err } = await mole('init --policy', fakeWorld(engine))
    expect([code, err]).toEqual([0, ''])
    expect(JSON.parse(out)).toEqual(policy)
    expect(names(engine)).toEqual(['aws.policy'])
  })
})

describe('mole multi-up', () => {
  const planned = async (command: string, files = home.files()) => {
    const engine = fakeEngine(NOTHING, { 'deployment.deploy': refusing('capacity', 'No room.') })
    const { code, err } = await mole(command, fakeWorld(engine, {}, files))
    const [name, input] = engine.calls.at(-1) ?? []
    return { code, err, plan: name === 'deployment.deploy' ? (input as { plan: typeof AWS_PLAN }).plan : null }
  }

  it('is the specification’s: several bastions, and MPTCP', async () => {
    const { plan, err } = await planned('multi-up --tunnels 6 --strategy adaptive --mptcp --yes')
    expect(plan).toMatchObject({ tunnels: 6, bastions: 2, carriage: { mptcp: { strategy: 'adaptive' } } })
    expect(err).not.toContain('Not yet in force')
  })

  it('takes what is said of bastions, by an option or by the configuration', async () => {
    expect((await planned('multi-up --tunnels 6 --bastions 3 --yes')).plan).toMatchObject({ bastions: 3 })
    home.write('.config/mole/config.yaml', 'deployment:\n  bastions: 4\n')
    expect((await planned('multi-up --tunnels 6 --yes')).plan).toMatchObject({ bastions: 4 })
  })

  it('refuses fewer tunnels than bastions', async () => {
    const { code, err, plan } = await planned('multi-up --tunnels 1 --yes')
    expect([code, plan]).toEqual([2, null])
    expect(err).toContain('2 bastions need at least 2 tunnels')
  })
})

describe('mole scale in AWS', () => {
  it('shows what there will be and asks before it adds an instance', async () => {
    const engine = fakeEngine(inAws())
    const refused = fakeWorld(engine, {}, { isInteractive: true, confirm: async () => false })
    expect((await mole('scale --bastions 3 --tunnels 3', refused)).code).toBe(130)
    expect(names(engine)).toEqual(['deployment.watch', 'deployment.review'])
    expect((await mole('scale --bastions 3 --tunnels 3', fakeWorld(engine))).code).toBe(2)
    expect((await mole('scale --bastions 3 --tunnels 3 --yes', fakeWorld(engine))).code).toBe(0)
    expect(engine.calls).toContainEqual(['deployment.scale', { tunnels: 3, bastions: 3 }])
  })

  it('asks nothing where no instance is added', async () => {
    const engine = fakeEngine(inAws())
    expect((await mole('scale --tunnels 8', fakeWorld(engine))).code).toBe(0)
    expect(names(engine)).not.toContain('deployment.review')
  })

  it.each([
    ['scale', 'Neither --tunnels nor --bastions'],
    ['scale --bastions 9', '--bastions 9: must be a whole number from 1 to 8'],
    ['scale --bastions 5', 'at most 4 are allowed'],
    ['scale --tunnels 1 --bastions 2', '2 bastions need at least 2 tunnels'],
  ])('refuses "%s"', async (command, expected) => {
    const engine = fakeEngine(inAws())
    const { code, err } = await mole(command, fakeWorld(engine))
    expect(code).toBe(2)
    expect(err).toContain(expected)
    expect(names(engine)).not.toContain('deployment.scale')
  })
})

describe('mole status in AWS', () => {
  it('shows bastions, resources, drift and money', async () => {
    const { code, out } = await mole('status', fakeWorld(fakeEngine(inAws())))
    expect(code).toBe(0)
    expect(out).toContain('Private network 172.31.0.0/16 through 203.0.113.1, 203.0.113.2')
    expect(out).toMatch(/^aws-3f9c2a-b1 +running +1 +203\.0\.113\.1 +i-1 +c6gn\.medium +us-west-2a +on-demand$/m)
    expect(out).toMatch(
      /^aws-3f9c2a-b2 +running +9 +203\.0\.113\.2 +i-2 +c6gn\.medium +us-west-2b +spot \$0\.0123\/h$/m,
    )
    expect(out).toMatch(/^security group +sg-0123456789abcdef0 +mole aws-3f9c2a +available +UDP 51821–51836/m)
    expect(out).toContain('Not as it was made: Somebody deleted the security group.')
    expect(out).toContain(
      'Cost: $0.0968 an hour, $3.21 so far (prices of 2026-11-21); 12 % of the budget of $25.00, which disconnects when used up',
    )
    expect(out).toMatch(/^instances +\$0\.0868 +\$2\.90 +2 × c6gn\.medium$/m)
  })

  it('has all of it in JSON', async () => {
    const { deployment } = JSON.parse((await mole('status --json', fakeWorld(fakeEngine(inAws())))).out)
    expect(deployment).toEqual(inAws())
  })

  it('shows none of it of the lab', async () => {
    const { out } = await mole('status', fakeWorld(fakeEngine(connected(1))))
    expect(out).not.toMatch(/BASTION|Cost|RESOURCE/)
  })
})

describe('mole down --cleanup-all', () => {
  const FOUND = [
    { deployment: 'aws-000001', isOurs: false, resources: [SECURITY_GROUP] },
    { deployment: 'aws-000002', isOurs: false, resources: [] },
  ]
  const left = (found = FOUND) =>
    fakeEngine(NOTHING, {
      'deployment.teardown': async () => ({}),
      'aws.find': async ({ region }) => ({ region: region ?? 'eu-west-1', found }),
      'aws.sweep': async () => ({ log: ['security group sg-1 deleted', 'proof: nothing carries the tag'] }),
    })
  const swept = ({ calls }: FakeEngine) => calls.find(([name]) => name === 'aws.sweep')?.[1]
  const down = (engine: FakeEngine, command: string, more = {}) => {
    engine.views.set({ ...NOTHING, act: act('teardown', 'done') })
    return mole(command, fakeWorld(engine, {}, { ...home.files(), ...more }))
  }

  it('shows by deployment, asks for each, and takes away what was confirmed', async () => {
    const engine = left()
    const asked: string[] = []
    const confirm = async (question: string) => {
      asked.push(question)
      return question.includes('aws-000002')
    }
    const command = 'down --cleanup-all --region us-west-2 --aws-profile other'
    const { code, out, err } = await down(engine, command, { isInteractive: true, confirm })
    expect(code).toBe(0)
    expect(asked).toEqual(['Take aws-000001 away for good?', 'Take aws-000002 away for good?'])
    expect(err).toContain('In AWS, aws-000001 (not recorded here: of another machine, or lost):\n')
    expect(err).toContain('sg-0123456789abcdef0')
    expect(swept(engine)).toEqual({ profile: 'other', region: 'us-west-2', deployments: ['aws-000002'] })
    expect(out).toContain('In AWS 1 of 2 found were left as you said.')
  })

  it('asks nothing with --force', async () => {
    const engine = left()
    const { code, out } = await down(engine, 'down --cleanup-all --force --json')
    expect(code).toBe(0)
    expect(JSON.parse(out).aws).toMatchObject({
      found: FOUND,
      removed: ['aws-000001', 'aws-000002'],
      log: [{}, {}].map(() => expect.any(String)),
    })
  })

  it('leaves everything where nobody can be asked', async () => {
    const engine = left()
    const { code, err } = await down(engine, 'down --cleanup-all')
    expect(code).toBe(4)
    expect(err).toContain('mole down --cleanup-all --force')
    expect(swept(engine)).toBeUndefined()
  })

  it('is content where AWS holds nothing, or cannot be looked at and nobody named it', async () => {
    const { code: clean, out } = await down(left([]), 'down --cleanup-all')
    expect(clean).toBe(0)
    expect(out).toMatch(
      /^Nothing is deployed, and nothing is left\.\nAWS was looked through in eu-west-1: nothing there carries our tag\./,
    )
    expect(JSON.parse((await down(left([]), 'down --cleanup-all --json')).out).aws).toMatchObject({
      region: 'eu-west-1',
      found: [],
    })
    const noAws = fakeEngine(NOTHING, {
      'deployment.teardown': async () => ({}),
      'aws.find': refusing('denied', 'No credentials.'),
    })
    const { code, err } = await down(noAws, 'down --cleanup-all')
    expect(code).toBe(0)
    expect(err).toContain('AWS was not looked at: No credentials.')
    expect((await down(noAws, 'down --cleanup-all --region us-west-2')).code).toBe(7)
  })

  it('does not call it clean while Terraform holds what no deployment took over', async () => {
    const terraform = openWorkspaces(join(home.directory, 'terraform'))
    const directory = await terraform.write('aws-000002', '/usr/bin/terraform', [])
    expect((await down(left([]), 'down', { terraform })).code).toBe(0)
    writeFileSync(join(directory, 'terraform.tfstate'), '{"resources":[{}]}')
    const { code, err } = await down(left(), 'down', { terraform })
    expect(code).toBe(4)
    expect(err).toContain(`/usr/bin/terraform -chdir=${directory} destroy`)
    expect((await mole('down', fakeWorld(fakeEngine(), { isRunning: false }, { terraform }))).code).toBe(4)
    expect((await down(left(), 'down --cleanup-all --force', { terraform })).code).toBe(0)
    expect(await terraform.list()).toEqual([])
  })

  it('does not look at AWS without being asked to', async () => {
    const engine = left()
    expect((await down(engine, 'down')).code).toBe(0)
    expect(names(engine)).not.toContain('aws.find')
  })
})
