import { z } from 'zod'
import { MoleError } from '../../contract/errors.ts'
import { slotOfInterface } from '../../domain/ours.ts'
import type { System } from '../system.ts'
import { parseChannels, parseFeatures, parseRings } from './ethtool.ts'
import type { DeviceFacts } from './facts.ts'

const NET = '/sys/class/net'

/** As the kernel makes names; the first letter keeps them from being read as an option. */
const isPlainName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._@-]{0,14}$/.test(name)

const Routes = z.array(z.object({ dev: z.string().optional() }))

/** Devices that packets to these addresses leave by (`ip route get`); what cannot be reached is left out. */
const observeWaysOut = async ({ runner }: System, addresses: readonly string[]): Promise<string[]> => {
  if (addresses.length === 0) return []
  const input = `${addresses.map((address) => `route get ${address}`).join('\n')}\n`
  const { stdout } = await runner.run('ip', ['-json', '-force', '-batch', '-'], { input })
  const found = stdout.split('\n').flatMap((line) => {
    try {
      return Routes.parse(JSON.parse(line)).flatMap(({ dev }) => dev ?? [])
    } catch {
      return []
    }
  })
  return [...new Set(found)].filter((name) => isPlainName(name) && slotOfInterface(name) === null && name !== 'lo')
}

/** Devices that one stands on, as bonds, bridges and VLANs do; the lowest first, itself last. */
const withLower = (system: System, name: string): string[] => {
  const lower = system
    .list(`${NET}/${name}`)
    .flatMap((entry) => /^lower_(.+)$/.exec(entry)?.[1] ?? [])
    .filter(isPlainName)
  return [...lower.flatMap((each) => withLower(system, each)), name]
}

/** Virtio cards have their interrupts one directory up. */
const irqsOf = ({ list }: System, name: string): number[] => {
  const device = `${NET}/${name}/device`
  const own = list(`${device}/msi_irqs`)
  return (own.length > 0 ? own : list(`${device}/../msi_irqs`)).map(Number).toSorted((a, b) => a - b)
}

const nodeOf = ({ read }: System, name: string): number | null => {
  const text = read(`${NET}/${name}/device/numa_node`)?.trim() ?? ''
  // -1: the firmware does not say.
  return /^[0-9]+$/.test(text) ? Number(text) : null
}

const isInstalled = ({ runner }: System): boolean => {
  try {
    runner.pathOf('ethtool')
    return true
  } catch (error) {
    if (error instanceof MoleError && error.code === 'missing-program') return false
    throw error
  }
}

const observeDevice = async (system: System, name: string, isCard: boolean, asks: boolean): Promise<DeviceFacts> => {
  const ask = async (flag: string): Promise<string> =>
    asks && isCard ? (await system.runner.run('ethtool', [flag, name])).stdout : ''
  const [channels, rings, features] = await Promise.all([ask('-l'), ask('-g'), ask('-k')])
  return {
    name,
    isCard,
    numaNode: nodeOf(system, name),
    irqs: irqsOf(system, name),
    channels: parseChannels(channels),
    rings: parseRings(rings),
    features: parseFeatures(features),
  }
}

export type DeviceScope = {
  /** Where the tunnels lead. */
  readonly endpoints: readonly string[]
  /** Devices to look at whatever the tunnels leave by: they were changed before. */
  readonly also: readonly string[]
  /** Whether queues, rings and features matter. */
  readonly asksCards: boolean
}

/** The network cards that the tunnels leave by, and what stands on them. */
export const observeDevices = async (
  system: System,
  { endpoints, also, asksCards }: DeviceScope,
): Promise<{ readonly hasEthtool: boolean; readonly devices: readonly DeviceFacts[] }> => {
  const hasEthtool = isInstalled(system)
  const ways = await observeWaysOut(system, endpoints)
  const there = also.filter((name) => system.list(`${NET}/${name}`).length > 0)
  const names = [...new Set([...ways, ...there].flatMap((name) => withLower(system, name)))]
  const isCard = (name: string): boolean => withLower(system, name).length === 1
  const devices = await Promise.all(
    names.map((name) => observeDevice(system, name, isCard(name), asksCards && hasEthtool)),
  )
  return { hasEthtool, devices }
}
