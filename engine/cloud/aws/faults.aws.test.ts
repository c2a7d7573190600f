import { writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import {
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  type Instance,
  ModifyInstanceAttributeCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { EXIT } from '../../../cli/exit-codes.ts'
import type { DeploymentView, Problem } from '../../../contract/app.ts'
import { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { STEPS } from '../../deployment/steps/table.ts'
import { type AwsError, awsError } from './testing/aws-answer.ts'
import type { StruckFault } from './testing/faults.ts'
import { allInstances, type Holdings } from './testing/holdings.ts'
import { jumpingClock } from './testing/jumping-clock.ts'
import { REGION } from './testing/moto.ts'
import { type AwsWorld, openAwsWorld } from './testing/open-aws-world.ts'
import { type EngineHere, openAwsHere, openEngineHere } from './testing/open-engine-here.ts'

/*
 * AWS and the way there fail in every way they are known to, each at the calls where it hurts most. Whatever happens: in
 * the end all is as asked, or an error says what to do and nothing is left; nothing is ever there twice; and the next
 * plain command works.
 */

const RESOURCE = 'http://10.200.0.10/'

let world: AwsWorld
let before: Holdings

const clock = jumpingClock()

beforeAll(async () => {
  world = await openAwsWorld({ clock: clock.monotonicMs })
  before = await world.holdings()
})
afterEach(async () => {
  if (world === undefined) return
  world.aws.clearFaults()
  const isUp = async (): Promise<boolean> => !isDeepStrictEqual(await world.holdings(), before)
  if ((await world.moles('serve')).length > 0 || (await isUp())) await world.mole(['down', '--yes'])
  const left = await world.holdings()
  const errors = [...world.aws.errors, ...world.hypervisor.errors]
  if (errors.length > 0 || !isDeepStrictEqual(left, before))
    throw new Error(`the test left something: ${JSON.stringify({ errors, left })}`)
})
afterAll(() => world?.dispose())

const UP = ['up', '--tunnels', '2', '--source-cidr', '198.51.100.2/32', '--instance-types', 't4g.nano', '--yes']
const up = (): string[] => [...UP, '--vpc', world.network.vpcId]
const SCALE = ['scale', '--bastions', '2', '--yes']
const DOWN = ['down', '--yes']

const mole = async (argv: readonly string[]): Promise<void> => {
  const { code, stdout, stderr } = await world.mole(argv)
  expect({ argv, code, said: code === 0 ? '' : `${stdout}\n${stderr}` }).toEqual({ argv, code: 0, said: '' })
}

type Failure = { readonly exit: number | null; readonly code: string; readonly message: string } & Record<
  'field' | 'meaning' | 'nextStep',
  string
>

/** Gives a command that is to fail, and reads its error aloud: to people all that programs are told, field aside. */
const failing = async (argv: readonly string[]): Promise<Failure> => {
  const { code: exit, stdout, stderr } = await world.mole([...argv, '--json'])
  expect({ argv, exit, stdout }).not.toMatchObject({ exit: 0 })
  const { error } = JSON.parse(stdout) as {
    error: { code: string; message: string; data: Partial<Pick<Failure, 'field' | 'meaning' | 'nextStep'>> }
  }
  const { field = '', meaning = '', nextStep = '' } = error.data
  for (const words of [error.message, meaning, nextStep]) {
    expect(words).toMatch(/^\S.*[.)”"]$/s)
    expect(stderr).toContain(words)
  }
  expect(field).not.toBe('')
  return { exit, code: error.code, message: error.message, field, meaning, nextStep }
}

/** Its exit code tells whether all is well; here it is read whatever it is. */
const status = async (): Promise<DeploymentView> => {
  const { stdout } = await world.mole(['status', '--json'])
  return (JSON.parse(stdout) as { deployment: DeploymentView }).deployment
}

/** Waits, as long as it takes, for the deployment to be as wanted. */
const reaches = async (isWanted: (view: DeploymentView) => boolean): Promise<DeploymentView> => {
  for (const until = performance.now() + 120_000; performance.now() < until; ) {
    const view = await status()
    if (isWanted(view)) return view
    await delay(250)
  }
  throw new Error(`waited in vain; the deployment is: ${JSON.stringify(await status())}`)
}

const fetches = async (): Promise<boolean> => {
  const argv = ['curl', '--silent', '--output', '/dev/null', '--max-time', '2', RESOURCE]
  return (await world.run(argv)).code === 0
}

type Tagged = { readonly Tags?: readonly { readonly Key: string; readonly Value: string }[] }
const tagOf = ({ Tags }: Tagged, key: string): string => Tags?.find(({ Key }) => Key === key)?.Value ?? 'untagged'

/** What the account holds of ours: live instances by the number of the bastion they are, and how many groups. */
const held = async (): Promise<{ bastions: string[]; groups: number }> => {
  const { instances = [], securityGroups = [] } = await world.holdings()
  return {
    bastions: (instances as Tagged[]).map((each) => tagOf(each, 'mole:bastion').replace(/^.*-b/, '')).sort(),
    groups: securityGroups.length - (before.securityGroups?.length ?? 0),
  }
}

/** As asked: each bastion once, one group, every tunnel up, and the private subnet answers. */
const expectWhole = async (bastions: readonly string[]): Promise<void> => {
  expect(await held()).toEqual({ bastions, groups: 1 })
  const { phase, problem, drift, tunnels } = await status()
  expect({ phase, problem, drift }).toEqual({ phase: 'connected', problem: null, drift: [] })
  expect(tunnels.map(({ health }) => health)).toEqual(['up', 'up'])
  expect(await fetches()).toBe(true)
}

const expectNothing = async (): Promise<void> => expect(await world.holdings()).toEqual(before)

/** A fault at each of some actions, once each. */
const strike = (kind: 'lost-reply' | 'truncate', actions: readonly string[]): Map<string, StruckFault> =>
  new Map(actions.map((action) => [action, world.aws.fault({ kind, action })]))

const expectStruck = (faults: ReadonlyMap<string, StruckFault>): void => {
  expect([...faults].filter(([, fault]) => fault.strikes() !== 1).map(([action]) => action)).toEqual([])
  world.aws.clearFaults()
}

const refuse = (action: string, error: AwsError): StruckFault =>
  world.aws.fault({ kind: 'answer', action, error, times: Number.POSITIVE_INFINITY })

const calls = (action: string, from: number) => world.aws.calls.slice(from).filter((call) => call.action === action)

/** Every change that the program makes, and looks that a change depends on. */
const AT_UP = [
  'DescribeSubnets',
  'DescribeInstanceTypes',
  'CreateSecurityGroup',
  'AuthorizeSecurityGroupIngress',
  'GetParameter',
  'RunInstances',
  'ModifyInstanceAttribute',
  'DescribeInstances',
  'GetConsoleOutput',
]
const AT_SCALE = ['DescribeSecurityGroups', 'RunInstances', 'ModifyInstanceAttribute', 'GetConsoleOutput']
const AT_DOWN = ['DescribeInstances', 'TerminateInstances', 'DeleteSecurityGroup', 'DescribeVolumes']

describe('answers that are lost', () => {
  it('change nothing about how up, scale and down end', async () => {
    const atUp = strike('lost-reply', AT_UP)
    await mole(up())
    expectStruck(atUp)
    await expectWhole(['1'])
    const atScale = strike('lost-reply', AT_SCALE)
    await mole(SCALE)
    expectStruck(atScale)
    await expectWhole(['1', '2'])
    const atDown = strike('lost-reply', AT_DOWN)
    await mole(DOWN)
    expectStruck(atDown)
    await expectNothing()
  })
})

const full = awsError('InsufficientInstanceCapacity')
const usedUp = awsError('VcpuLimitExceeded')

describe('without room', () => {
  it('anywhere up ends in an error that names what was tried, and leaves nothing', async () => {
    const from = world.aws.calls.length
    refuse('RunInstances', full)
    const error = await failing(up())
    expect(error).toMatchObject({ exit: EXIT.capacity, code: 'capacity', field: 'aws.instance_types' })
    expect(error.meaning).toMatch(/t4g\.nano in us-east-1a; t4g\.nano in us-east-1b\..*removed again/s)
    expect(error.nextStep).toContain('aws.instance_types')
    expect(calls('RunInstances', from)).toHaveLength(2)
    await expectNothing()
  })

  it('within a quota up asks once, says which, and leaves nothing', async () => {
    const from = world.aws.calls.length
    refuse('RunInstances', usedUp)
    const error = await failing(up())
    expect(error).toMatchObject({ exit: EXIT.capacity, code: 'quota-exceeded', field: 'VcpuLimitExceeded' })
    expect(error.nextStep).toContain('Service Quotas')
    expect(calls('RunInstances', from)).toHaveLength(1)
    await expectNothing()
  })

  it('for the second bastion the first one goes on serving, and up repairs when there is room', async () => {
    // In the first zone only: that is no matter.
    const once = world.aws.fault({ kind: 'answer', action: 'RunInstances', error: full })
    await mole(up())
    expect(once.strikes()).toBe(1)
    await expectWhole(['1'])
    for (const [error, code] of [
      [usedUp, 'quota-exceeded'],
      [full, 'capacity'],
    ] as const) {
      world.aws.clearFaults()
      refuse('RunInstances', error)
      const told = await failing(SCALE)
      expect(told).toMatchObject({ exit: EXIT.failed, code, field: 'bastion 2' })
      expect(told.meaning).toContain('The others carry the traffic.')
      expect(await held()).toEqual({ bastions: ['1'], groups: 1 })
    }
    expect((await status()).phase).toBe('degraded')
    expect(await fetches()).toBe(true)
    world.aws.clearFaults()
    await mole([...up(), '--bastions', '2'])
    await expectWhole(['1', '2'])
  })
})

describe('credentials that expire midway', () => {
  /** Logs in: a session's credentials in the user's file, good until AWS says otherwise. */
  const logIn = (session: string): void =>
    writeFileSync(
      world.env.AWS_SHARED_CREDENTIALS_FILE ?? '',
      `[research]\naws_access_key_id = AKIA${session}\naws_secret_access_key = ${world.canaries[0]}\naws_session_token = ${session}\n`,
    )

  /** From the answer to the first call of this action on, the session is over; a new one is as good as ever. */
  const expire = (session: string, action: string): void => {
    let isOver = false
    world.aws.onCall(async (call, moment) => {
      if (call.action === action && moment === 'after') isOver = true
      return 'go on'
    })
    world.aws.fault({
      kind: 'answer',
      error: awsError('ExpiredToken', 'The security token included in the request is expired'),
      times: Number.POSITIVE_INFINITY,
      when: ({ raw }) => isOver && raw.includes(`x-amz-security-token: ${session}`),
    })
  }
  afterEach(() => world?.aws.onCall(null))

  const expectToBeToldToLogIn = (error: Failure): void => {
    expect(error).toMatchObject({ exit: EXIT.denied, code: 'credentials-expired', field: 'aws.profile' })
    expect(error.nextStep).toContain('aws sso login --profile research')
  }

  it('stop up and down with the advice to log in, after which both come to their end', async () => {
    const asked = [...up(), '--aws-profile', 'research']
    logIn('FIRST')
    expire('FIRST', 'RunInstances')
    const error = await failing(asked)
    expectToBeToldToLogIn(error)
    // Without credentials nothing can be taken back; that is said.
    expect(await held()).toEqual({ bastions: ['1'], groups: 1 })
    expect(error.meaning + error.nextStep).toMatch(/mole down/)
    logIn('SECOND')
    await mole(asked)
    await expectWhole(['1'])
    expire('SECOND', 'TerminateInstances')
    expectToBeToldToLogIn(await failing(DOWN))
    expect(await held()).toEqual({ bastions: [], groups: 1 })
    logIn('THIRD')
    await mole(DOWN)
    await expectNothing()
  })
})

describe('an instance that somebody stops', () => {
  const instanceOf = async (): Promise<string> => (await status()).bastions[0]?.machine?.instanceId ?? ''

  it('is missed, and replaced', async () => {
    await mole(up())
    const stopped = await instanceOf()
    await world.moto.ec2.send(new StopInstancesCommand({ InstanceIds: [stopped] }))
    await reaches(({ phase }) => phase !== 'connected')
    await reaches(({ phase }) => phase === 'connected')
    await mole(up())
    await expectWhole(['1'])
    expect(await instanceOf()).not.toBe(stopped)
  })
})

/* The same engine and provider, in this process, on a clock on which waiting for AWS takes no time. */
describe('an engine that can wait', () => {
  let aws: Awaited<ReturnType<typeof openAwsHere>>
  let engine: EngineHere
  /** How often the cloud is compared with what was made; for real it is twice a minute. */
  const WATCH_MS = 500

  beforeAll(async () => {
    aws = await openAwsHere(world)
  })
  beforeEach(async () => {
    for (const [name, value] of Object.entries(world.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, value)
    vi.stubEnv('AWS_ENDPOINT_URL', aws.url)
    engine = await openEngineHere(world, clock, WATCH_MS)
  })
  afterEach(async () => {
    world?.aws.clearFaults()
    if ((await engine.settled()).id !== null) await take(engine.client.call('deployment.teardown', {}))
    await engine.close()
    vi.unstubAllEnvs()
  })
  afterAll(() => aws?.close())

  const plan = () =>
    DeploymentPlan.parse({
      target: 'aws',
      tunnels: 2,
      aws: {
        region: REGION,
        vpcId: world.network.vpcId,
        instanceTypes: ['t4g.nano'],
        sourceCidr: '198.51.100.2/32',
      },
    })
  const askUp = () => engine.client.call('deployment.deploy', { plan: plan() })
  const askScale = () => engine.client.call('deployment.scale', { bastions: 2 })
  const askDown = () => engine.client.call('deployment.teardown', {})

  /** Waits for the end of an act; none of its steps was near to being given up. @returns its problem */
  const take = async (asked: Promise<unknown>): Promise<Problem | null> => {
    const refusal = await asked.then(
      () => null,
      (error: unknown) => error as Problem,
    )
    if (refusal !== null) return refusal
    const { act, problem } = await engine.settled()
    for (const { id, startedAtMs, endedAtMs } of act?.steps ?? [])
      expect({ id, tookMs: (endedAtMs ?? 0) - (startedAtMs ?? 0) }).toSatisfy(
        ({ tookMs }: { tookMs: number }) => tookMs < STEPS[id].limitMs,
      )
    return problem
  }

  const expectUp = async (bastions: readonly string[]): Promise<void> => {
    const { phase, problem, drift } = engine.view()
    expect({ phase, problem, drift }).toEqual({ phase: 'connected', problem: null, drift: [] })
    expect(await held()).toEqual({ bastions, groups: 1 })
    expect(await fetches()).toBe(true)
  }

  it('outlasts a minute in which nobody sees what was made', async () => {
    const from = clock.jumpedMs()
    const hide = (action: string): StruckFault =>
      world.aws.fault({ kind: 'delay-visibility', action, forMs: 60_000, times: Number.POSITIVE_INFINITY })
    const [group, instance] = [hide('CreateSecurityGroup'), hide('RunInstances')]
    expect(await take(askUp())).toBe(null)
    await expectUp(['1'])
    expect([group.strikes(), instance.strikes()]).toEqual([1, 1])
    expect(clock.jumpedMs() - from).toBeGreaterThan(100_000)
    expect(await take(askScale())).toBe(null)
    await expectUp(['1', '2'])
    expect(await take(askDown())).toBe(null)
    await expectNothing()
  })

  it('takes an instance away that nobody sees for a minute when the deploy that launched it is cancelled', async () => {
    world.aws.fault({ kind: 'delay-visibility', action: 'RunInstances', forMs: 60_000 })
    world.aws.onCall(async ({ action }, moment) => {
      if (action === 'RunInstances' && moment === 'after') await engine.client.call('deployment.cancel', {})
      return 'go on'
    })
    expect(await take(askUp())).toBe(null)
    world.aws.onCall(null)
    expect(engine.view()).toMatchObject({ phase: 'none', act: { state: 'cancelled' } })
    await expectNothing()
  })

  it('takes a security group away that nobody sees for a minute where its rule is not allowed', async () => {
    world.aws.fault({ kind: 'delay-visibility', action: 'CreateSecurityGroup', forMs: 60_000 })
    refuse(
      'AuthorizeSecurityGroupIngress',
      awsError('UnauthorizedOperation', 'You are not authorized to perform: ec2:AuthorizeSecurityGroupIngress'),
    )
    const problem = await take(askUp())
    expect(problem).toMatchObject({ code: 'denied', data: { field: 'ec2:AuthorizeSecurityGroupIngress' } })
    expect(problem?.data.meaning).toContain('What had been made was removed again.')
    await expectNothing()
  })

  /** Nine of ten requests are refused, for two minutes from the first call of this action on. */
  const throttle = (action: string): void => {
    let untilMs: number | null = null
    world.aws.fault({
      kind: 'throttle',
      share: 0.9,
      when: (call) => {
        if (call.action === action) untilMs ??= clock.monotonicMs() + 120_000
        return untilMs !== null && clock.monotonicMs() < untilMs
      },
    })
  }

  it('outlasts two minutes in which nine of ten requests are refused', async () => {
    const from = clock.jumpedMs()
    throttle('CreateSecurityGroup')
    expect(await take(askUp())).toBe(null)
    await expectUp(['1'])
    expect(clock.jumpedMs() - from).toBeGreaterThan(30_000)
    world.aws.clearFaults()
    throttle('RunInstances')
    expect(await take(askScale())).toBe(null)
    await expectUp(['1', '2'])
    world.aws.clearFaults()
    throttle('DescribeInstances')
    expect(await take(askDown())).toBe(null)
    await expectNothing()
  })

  it('says so before it makes anything where every request is refused', async () => {
    world.aws.fault({ kind: 'throttle', share: 1 })
    const problem = await take(askUp())
    expect(problem).toMatchObject({ code: 'timeout', data: { field: 'RequestLimitExceeded' } })
    expect(problem?.data.nextStep).toContain('Wait some minutes')
    await expectNothing()
  })

  it('asks again where answers are cut off in the middle', async () => {
    const atUp = strike('truncate', AT_UP)
    expect(await take(askUp())).toBe(null)
    expectStruck(atUp)
    await expectUp(['1'])
    const atScale = strike('truncate', AT_SCALE)
    expect(await take(askScale())).toBe(null)
    expectStruck(atScale)
    await expectUp(['1', '2'])
    const atDown = strike('truncate', AT_DOWN)
    expect(await take(askDown())).toBe(null)
    expectStruck(atDown)
    await expectNothing()
  })

  it.each([
    ['lost', 'lost-reply'],
    ['cut off', 'truncate'],
  ] as const)('gives up where every answer of a launch is %s, says so, and leaves nothing', async (_what, kind) => {
    const answers = world.aws.fault({ kind, action: 'RunInstances', times: Number.POSITIVE_INFINITY })
    const problem = await take(askUp())
    expect(answers.strikes()).toBeGreaterThan(3)
    expect(problem).toMatchObject({ code: 'disconnected', data: { field: 'network' } })
    expect(problem?.message).toMatch(/^AWS.*launching aws-/)
    expect(problem?.data.meaning).toContain('What had been made was removed again.')
    await expectNothing()
  })
  const group = async (): Promise<SecurityGroup> => {
    const { SecurityGroups = [] } = await world.moto.ec2.send(new DescribeSecurityGroupsCommand({}))
    return SecurityGroups.find((each) => tagOf(each as Tagged, 'mole:deployment') !== 'untagged') ?? {}
  }
  const groupsOfInstances = async (): Promise<(string | undefined)[]> =>
    (await allInstances(world.moto))
      .filter(({ State }) => State?.Name === 'running')
      .flatMap(({ SecurityGroups = [] }) => SecurityGroups.map(({ GroupId }) => GroupId))

  it('shows what somebody changes in the console, within a minute, and up mends it', async () => {
    const { ec2 } = world.moto
    expect(await take(askUp())).toBe(null)
    const made = await group()
    const GroupId = made.GroupId ?? ''
    await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: made.IpPermissions ?? [] }))
    const { phase, problem } = await engine.reaches(({ drift }) => drift.length > 0)
    expect({ phase, problem }).toMatchObject({ phase: 'degraded', problem: { code: 'drift' } })
    expect(problem?.message).toContain(`${GroupId} no longer lets UDP 51821–51836 in from 198.51.100.2/32`)
    expect(await take(askUp())).toBe(null)
    await expectUp(['1'])

    // A group in use cannot be deleted: first it is taken off the instance.
    const [theirs] = (before.securityGroups ?? []) as SecurityGroup[]
    const [instance] = (await world.holdings()).instances as Instance[]
    await ec2.send(
      new ModifyInstanceAttributeCommand({ InstanceId: instance?.InstanceId, Groups: [theirs?.GroupId ?? ''] }),
    )
    const moved = await engine.reaches(({ drift }) => drift.length > 0)
    expect(moved.problem?.message).toContain(`is not behind the security group ${GroupId} alone`)
    await ec2.send(new DeleteSecurityGroupCommand({ GroupId }))
    await engine.reaches(({ drift }) =>
      drift.some((each) => each.startsWith('The security group of the deployment is gone')),
    )
    expect(await take(askUp())).toBe(null)
    await expectUp(['1'])
    expect(await groupsOfInstances()).toEqual([(await group()).GroupId])
  })
})
