import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { AwsCall } from './testing/aws-call.ts'
import type { CallHook } from './testing/fault-proxy.ts'
import type { Holdings } from './testing/holdings.ts'
import { type AwsWorld, openAwsWorld } from './testing/open-aws-world.ts'

/*
 * The engine is killed before and after every call it makes to the cloud, each boundary once; the command is then given
 * again, and is killed at the next boundary, until it comes to its end. At no moment may anything be there twice, or
 * be there without our tag; and in the end everything is as asked.
 */

const UP = ['up', '--tunnels', '2', '--source-cidr', '198.51.100.2/32', '--yes']

let world: AwsWorld
let before: Holdings

beforeAll(async () => {
  world = await openAwsWorld()
  before = await world.holdings()
})
afterEach(() => world?.aws.onCall(null))
afterAll(() => world?.dispose())

type Boundary = string

/** Names each boundary of a run: the action, how many of it the run has made, and the side. */
const makeNamer = (): ((call: AwsCall, moment: 'before' | 'after') => Boundary) => {
  const counts = new Map<string, number>()
  return ({ action }, moment) => {
    const count = (counts.get(action) ?? 0) + (moment === 'before' ? 1 : 0)
    counts.set(action, count)
    return `${moment} ${action} ${count}`
  }
}

/**
 * What changes something always counts, and what the answer of which is remembered. A mere look changes nothing: being
 * killed at it is like being killed at the change before it. `MOLE_CRASH_AT_EVERY_CALL=1` takes each of them too, which
 * lasts a quarter of an hour.
 */
const isEveryCall = process.env.MOLE_CRASH_AT_EVERY_CALL !== undefined
const isLook = (boundary: Boundary): boolean => / Describe/.test(boundary)
/** The console is asked until it tells: how often is chance. */
const isPolling = (boundary: Boundary): boolean => /GetConsoleOutput ([2-9]|[1-9][0-9])/.test(boundary)
const isPassedOver = (boundary: Boundary): boolean => isLook(boundary) && !isEveryCall

/** Kills at the first boundary that is not in `crashed`, and adds it. */
const killAtNext = (crashed: Set<Boundary>, onKill: (boundary: Boundary) => void): CallHook => {
  const name = makeNamer()
  let isDead = false
  return async (call, moment) => {
    const boundary = name(call, moment)
    if (isDead) return 'drop'
    if (crashed.has(boundary) || isPassedOver(boundary) || isPolling(boundary)) return 'go on'
    isDead = true
    crashed.add(boundary)
    onKill(boundary)
    await world.killMoles()
    return 'drop'
  }
}

/** Network interfaces have their tags under a name of their own. */
type Tagged = Readonly<Record<'Tags' | 'TagSet', readonly { Key: string; Value: string }[] | undefined>>
const tagOf = ({ Tags, TagSet }: Tagged, key: string): string | undefined =>
  (Tags ?? TagSet)?.find(({ Key }) => Key === key)?.Value

/** Live instances by the bastion they are, and groups, as the account holds them. */
const ours = async (): Promise<{ instances: string[]; groups: number; untagged: unknown[] }> => {
  const now = await world.holdings()
  const isNew = (kind: string) => (each: unknown) =>
    !(before[kind] ?? []).some((other) => JSON.stringify(other) === JSON.stringify(each))
  const made = (kind: string): Tagged[] => (now[kind] ?? []).filter(isNew(kind)) as Tagged[]
  return {
    instances: made('instances').map((each) => tagOf(each, 'mole:bastion') ?? 'untagged'),
    groups: made('securityGroups').length,
    untagged: ['instances', 'securityGroups', 'volumes', 'networkInterfaces']
      .flatMap(made)
      .filter((each) => tagOf(each, 'mole:deployment') === undefined),
  }
}

const expectNothingTwice = async (boundary: Boundary): Promise<void> => {
  const { instances, groups, untagged } = await ours()
  expect({
    boundary,
    twice: instances.length - new Set(instances).size,
    groups: Math.max(groups, 1),
    untagged,
  }).toEqual({
    boundary,
    twice: 0,
    groups: 1,
    untagged: [],
  })
}

/** Gives the command again and again, killed at each boundary once. @returns the boundaries */
const survive = async (argv: readonly string[]): Promise<Set<Boundary>> => {
  const crashed = new Set<Boundary>()
  for (;;) {
    let killedAt: Boundary | null = null
    world.aws.onCall(
      killAtNext(crashed, (boundary) => {
        killedAt = boundary
      }),
    )
    const { code, stdout, stderr } = await world.mole(argv)
    world.aws.onCall(null)
    if (killedAt !== null) {
      await expectNothingTwice(killedAt)
      continue
    }
    expect({ code, stderr: code === 0 ? '' : `${stdout}\n${stderr}` }).toEqual({ code: 0, stderr: '' })
    if (isEveryCall) console.info(`${argv[0]}: killed at ${crashed.size} boundaries`)
    return crashed
  }
}

/** The boundaries at which something is changed. */
const changes = (boundaries: ReadonlySet<Boundary>): string[] =>
  [...boundaries].filter((boundary) => !isLook(boundary)).map((boundary) => boundary.split(' ').slice(0, 2).join(' '))

describe('an engine that is killed at every call to the cloud', () => {
  it('ends up as asked', async () => {
    const boundaries = await survive([...UP, '--vpc', world.network.vpcId])
    expect(changes(boundaries)).toEqual(
      expect.arrayContaining(
        ['CreateSecurityGroup', 'AuthorizeSecurityGroupIngress', 'RunInstances'].flatMap((action) => [
          `before ${action}`,
          `after ${action}`,
        ]),
      ),
    )
    const { instances, groups } = await ours()
    expect([instances.length, groups]).toEqual([1, 1])
  }, 1_200_000)

  it('scales as asked', async () => {
    const boundaries = await survive(['scale', '--bastions', '2', '--yes'])
    expect(changes(boundaries)).toEqual(expect.arrayContaining(['before RunInstances', 'after RunInstances']))
    const { instances, groups } = await ours()
    expect([new Set(instances).size, instances.length, groups]).toEqual([2, 2, 1])
  }, 1_200_000)

  it('takes one bastion away as asked', async () => {
    const boundaries = await survive(['scale', '--bastions', '1', '--tunnels', '2', '--yes'])
    expect(changes(boundaries)).toEqual(
      expect.arrayContaining(['before TerminateInstances', 'after TerminateInstances']),
    )
    expect((await ours()).instances).toHaveLength(1)
  }, 1_200_000)

  it('goes down as asked, and leaves the account as it was', async () => {
    const boundaries = await survive(['down', '--yes'])
    expect(changes(boundaries)).toEqual(
      expect.arrayContaining(
        ['TerminateInstances', 'DeleteSecurityGroup'].flatMap((action) => [`before ${action}`, `after ${action}`]),
      ),
    )
    expect(await world.holdings()).toEqual(before)
  }, 1_200_000)
})
