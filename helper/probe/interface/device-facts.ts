import type { Fact } from '../../../domain/probe/figure.ts'
import type { InterfaceFacts } from '../../../domain/probe/interface.ts'
import { parseCoreMask } from '../../tuning/core-list.ts'
import { found, foundOr, type KernelFiles, lacking } from './fact.ts'

const MEGABIT = 1_000_000

type DeviceFacts = Pick<
  InterfaceFacts,
  | 'speedBitsPerSecond'
  | 'duplex'
  | 'mtuBytes'
  | 'receiveQueues'
  | 'transmitQueues'
  | 'rpsCores'
  | 'xpsCores'
  | 'numaNode'
  | 'srIovFunctions'
>

/** Cores in the masks of all queues of one side; `null` where no queue has such a mask. */
const steeredCores = ({ files, text }: KernelFiles, directory: string, prefix: string, file: string): number | null => {
  const masks = files
    .list(directory)
    .filter((queue) => queue.startsWith(prefix))
    .flatMap((queue) => text(`${directory}/${queue}/${file}`) ?? [])
  return masks.length === 0 ? null : new Set(masks.flatMap(parseCoreMask)).size
}

const observeSpeed = ({ number, from }: KernelFiles, path: string): Fact<number> => {
  const speed = number(path)
  // -1, or no answer at all, of whatever has no link of its own (`ethtool_link_ksettings`).
  const isKnown = speed !== null && speed > 0
  return foundOr(
    isKnown ? speed * MEGABIT : null,
    'the driver names no speed, as those of virtual interfaces do not',
    from(path),
  )
}

/** What the kernel tells of an interface in `/sys/class/net` (`sysfs-class-net`). */
export const observeDevice = (kernel: KernelFiles, name: string): DeviceFacts => {
  const { files, text, number, from } = kernel
  const net = `/sys/class/net/${name}`
  const queues = files.list(`${net}/queues`)
  const count = (prefix: string): Fact<number> => {
    const number_ = queues.filter((queue) => queue.startsWith(prefix)).length
    return foundOr(number_ === 0 ? null : number_, 'no queues are listed', from(`${net}/queues`))
  }
  const duplex = text(`${net}/duplex`)
  const node = number(`${net}/device/numa_node`)
  const functions = number(`${net}/device/sriov_totalvfs`)
  const steering = `${net}/queues`
  return {
    speedBitsPerSecond: observeSpeed(kernel, `${net}/speed`),
    duplex: foundOr(duplex === 'unknown' ? null : duplex, 'the driver does not say', from(`${net}/duplex`)),
    mtuBytes: foundOr(number(`${net}/mtu`), 'it does not say', from(`${net}/mtu`)),
    receiveQueues: count('rx-'),
    transmitQueues: count('tx-'),
    rpsCores: foundOr(
      steeredCores(kernel, steering, 'rx-', 'rps_cpus'),
      'its queues have no mask of cores',
      from(`${steering}/rx-*/rps_cpus`),
    ),
    xpsCores: foundOr(
      steeredCores(kernel, steering, 'tx-', 'xps_cpus'),
      'its queues have no mask of cores, as where there is but one',
      from(`${steering}/tx-*/xps_cpus`),
    ),
    numaNode:
      node === null || node < 0
        ? lacking('the firmware does not say, or there is one node only', from(`${net}/device/numa_node`))
        : found(node, from(`${net}/device/numa_node`)),
    // A card that has none, or whose driver cannot make any, has no such file.
    srIovFunctions: found(
      functions ?? 0,
      from(functions === null ? `there is no ${net}/device/sriov_totalvfs` : `${net}/device/sriov_totalvfs`),
    ),
  }
}
