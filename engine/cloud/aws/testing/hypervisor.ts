import {
  DescribeInstanceAttributeCommand,
  type Instance,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2'
import { bastionPort, firstSlotOf, MAX_TUNNELS_PER_BASTION } from '../../../../domain/tunnel-plan.ts'
import type { HelperClient } from '../../provider.ts'
import { allInstances } from './holdings.ts'
import { type LabMachine, placeIn } from './lab-machine.ts'
import type { Moto } from './moto.ts'
import type { CloudNetwork } from './network.ts'
import { followSecurityGroups } from './security-groups.ts'
import { followVpcRoutes } from './vpc-routes.ts'

/** One instance of moto's and the bastion of the lab that it is. */
export type Machine = {
  readonly instanceId: string
  readonly networkInterfaceIds: readonly string[]
  /** The public address moto invented. */
  readonly inventedAddress: string | null
  /** The one its bastion has, which the DTN can reach; `null` until it boots. */
  address: string | null
  isGone: boolean
  /** What it had printed when it ended; before, the lab is asked. */
  lastConsole: string
}

export type HypervisorOptions = {
  readonly moto: Moto
  readonly helper: HelperClient
  /** First process of the world. */
  readonly pid: number
  /** The lab's directory. */
  readonly directory: string
  readonly network: CloudNetwork
  readonly pathRateBitsPerSecond: number
}

export type Hypervisor = {
  /** `undefined` while it has not been seen. */
  find(instanceId: string): Machine | undefined
  all(): readonly Machine[]
  /** What an instance has printed so far; kept when it has ended. */
  consoleOf(instanceId: string): Promise<string>
  /** Makes the lab what moto says, once; what goes wrong is among `errors`. */
  settle(): Promise<void>
  /** Boots that could not be begun, and whatever else this bed itself could not do: a test had better find none. */
  readonly errors: readonly string[]
  /** The hardware fails: the bastion is gone at once, and moto says `terminated`. */
  kill(instanceId: string): Promise<void>
  /** Breaks or heals the path of one of an instance's tunnel slots, which count over all bastions of a deployment. */
  setPath(instanceId: string, slot: number, state: 'broken' | 'healthy'): Promise<void>
  stop(): Promise<void>
}

const POLL_MS = 1000

const machineOf = ({ InstanceId = '', NetworkInterfaces = [], PublicIpAddress }: Instance): Machine => ({
  instanceId: InstanceId,
  networkInterfaceIds: NetworkInterfaces.map(({ NetworkInterfaceId = '' }) => NetworkInterfaceId),
  inventedAddress: PublicIpAddress ?? null,
  address: null,
  isGone: false,
  lastConsole: '',
})

const userDataOf = async ({ ec2 }: Moto, instanceId: string): Promise<string> => {
  const { UserData } = await ec2.send(
    new DescribeInstanceAttributeCommand({ InstanceId: instanceId, Attribute: 'userData' }),
  )
  return Buffer.from(UserData?.Value ?? '', 'base64').toString('utf8')
}

const tagOf = ({ Tags = [] }: Instance, key: string): string | undefined => Tags.find(({ Key }) => Key === key)?.Value

/** Bastions of one deployment share the private network. */
const deploymentOf = (instance: Instance): string => tagOf(instance, 'mole:deployment') ?? 'untagged'

/** Which of its deployment's bastions it is, by its name: `aws-3f9c2a-b2`. */
const numberOf = (instance: Instance): number =>
  Number(/-b([1-8])$/.exec(tagOf(instance, 'mole:bastion') ?? '')?.[1] ?? 1)

/** The last words of a bastion that turns itself off; nothing turns off in the lab. */
const TURNED_OFF = /^mole-bastion-lease v1 ended$/m

/** What the cloud makes of it (EC2 User Guide, "Change the instance initiated shutdown behavior"). */
const turnOff = async ({ ec2 }: Moto, instanceId: string): Promise<void> => {
  const { InstanceInitiatedShutdownBehavior: behaviour } = await ec2.send(
    new DescribeInstanceAttributeCommand({ InstanceId: instanceId, Attribute: 'instanceInitiatedShutdownBehavior' }),
  )
  const InstanceIds = [instanceId]
  if (behaviour?.Value === 'terminate') await ec2.send(new TerminateInstancesCommand({ InstanceIds }))
  else await ec2.send(new StopInstancesCommand({ InstanceIds }))
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * Watches moto, and is its hardware: each running instance is a bastion of the lab, booted from its user data; it ends
 * when the instance does. Security groups and the private subnet's routes hold in the lab as well.
 */
export const startHypervisor = (options: HypervisorOptions): Hypervisor => {
  const { moto, helper } = options
  const machines = new Map<string, Machine>()
  const errors: string[] = []

  const boot = async (instance: Instance, machine: Machine): Promise<void> => {
    const { publicAddress } = await helper.call('lab.launch', {
      id: machine.instanceId,
      deploymentId: deploymentOf(instance),
      bootScript: await userDataOf(moto, machine.instanceId),
      privateCidr: options.network.privateCidr,
      firstSlot: firstSlotOf(numberOf(instance)),
      slots: MAX_TUNNELS_PER_BASTION,
      firstPort: bastionPort(1),
      pathRateBitsPerSecond: options.pathRateBitsPerSecond,
    })
    machine.address = publicAddress
  }

  const end = async (machine: Machine): Promise<void> => {
    machine.isGone = true
    const { text } = await helper.call('lab.console', { id: machine.instanceId }).catch(() => ({ text: '' }))
    machine.lastConsole = text
    await helper.call('lab.terminate', { id: machine.instanceId })
  }

  const follow = async (instance: Instance): Promise<void> => {
    const known = machines.get(instance.InstanceId ?? '')
    const isRunning = instance.State?.Name === 'running'
    if (known === undefined && isRunning) {
      const machine = machineOf(instance)
      machines.set(machine.instanceId, machine)
      await boot(instance, machine).catch((error: unknown) => {
        errors.push(`${machine.instanceId} did not boot: ${wordsOf(error)}`)
      })
    } else if (known !== undefined && !isRunning && !known.isGone) await end(known)
  }

  const followPower = async ({ instanceId, address, isGone }: Machine): Promise<void> => {
    if (address === null || isGone) return
    const { text } = await helper.call('lab.console', { id: instanceId })
    if (TURNED_OFF.test(text)) await turnOff(moto, instanceId)
  }

  const followGroups = followSecurityGroups(moto, options.pid)
  const followRoutes = followVpcRoutes(moto, options.pid, options.network.privateRouteTableId)

  const locate = async (instance: Instance): Promise<LabMachine[]> => {
    const machine = machines.get(instance.InstanceId ?? '')
    if (machine === undefined || machine.address === null || machine.isGone) return []
    const place = await placeIn(options.directory, machine.instanceId)
    return place === null ? [] : [{ instance, place }]
  }

  let last: Promise<void> = Promise.resolve()
  let isStopped = false
  const look = async (): Promise<void> => {
    if (isStopped) return
    await Promise.all([...machines.values()].map(followPower))
    const instances = await allInstances(moto)
    await Promise.all(instances.map(follow))
    const located = (await Promise.all(instances.map(locate))).flat()
    await followGroups(located)
    await followRoutes(located)
  }
  const settle = (): Promise<void> => {
    last = last.then(look).catch((error: unknown) => void errors.push(wordsOf(error)))
    return last
  }
  const timer = setInterval(() => void settle(), POLL_MS)

  return {
    find: (instanceId) => machines.get(instanceId),
    all: () => [...machines.values()],
    consoleOf: async (instanceId) => {
      const machine = machines.get(instanceId)
      if (machine === undefined || machine.address === null || machine.isGone) return machine?.lastConsole ?? ''
      return (await helper.call('lab.console', { id: instanceId })).text
    },
    settle,
    errors,
    kill: async (instanceId) => {
      const machine = machines.get(instanceId)
      if (machine === undefined) throw new Error(`there is no machine ${instanceId}`)
      await end(machine)
      await moto.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }))
      await settle()
    },
    setPath: async (id, slot, state) => {
      await helper.call('lab.path', { id, slot, state })
    },
    stop: async () => {
      isStopped = true
      clearInterval(timer)
      await last
    },
  }
}
