import type { BandwidthResult, TcpRun, UdpStep } from '../../../domain/probe/bandwidth.ts'
import type { MeasureContext } from '../context.ts'
import type { Direction, Server } from './client-arguments.ts'
import { busiestCore, interfaceTowards, readCores, readDrops, readFile, risenDrops } from './host-counters.ts'

/** What has been found so far, with the counters of this host. */
export type Tally = {
  /** Before each run. */
  readonly begin: () => void
  /** After each, whole or not: takes it in and tells all. */
  readonly take: (found: { readonly run: TcpRun } | { readonly step: UdpStep }) => void
  readonly runs: () => readonly TcpRun[]
  readonly steps: () => readonly UdpStep[]
  /** Best goodput of TCP one way, bit/s; `null` when there is none. */
  readonly bestTcp: (direction: Direction) => number | null
}

export const openTally = async ({ runner, emit }: MeasureContext, server: Server, version: string): Promise<Tally> => {
  const interfaceName = await interfaceTowards(runner, server.address)
  const dropsBefore = readDrops(readFile, interfaceName)
  const runs: TcpRun[] = []
  const udp: UdpStep[] = []
  let cores = readCores(readFile)
  let busiest: number | null = null

  const result = (): BandwidthResult => ({
    iperf3Version: version,
    runs,
    udp,
    drops: risenDrops(dropsBefore, readDrops(readFile, interfaceName)),
    busiestCoreRatio: busiest,
  })
  return {
    begin: () => {
      cores = readCores(readFile)
    },
    take: (found) => {
      const ratio = busiestCore(cores, readCores(readFile))
      if (ratio !== null) busiest = Math.max(ratio, busiest ?? 0)
      if ('run' in found) runs.push(found.run)
      else udp.push(found.step)
      emit({ kind: 'bandwidth', result: result() })
    },
    runs: () => runs,
    steps: () => udp,
    bestTcp: (direction) =>
      runs
        .filter((run) => run.direction === direction)
        .reduce<number | null>((best, run) => Math.max(best ?? 0, run.goodputBitsPerSecond.value), null),
  }
}
