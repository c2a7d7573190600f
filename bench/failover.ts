import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { DeploymentView } from '../contract/app.ts'
import { percentile, printTable } from './statistics.ts'
import type { FlowReport } from './support/flow-packet.ts'
import { type Place, type Running, startAt, startScript } from './support/inside.ts'
import { flowsOn, forgetFlows, strayPackets, watchFlows, watchGroup } from './support/watch-routes.ts'
import { awaitAct, deploy, type Engine, withEngine } from './with-engine.ts'

/**
 * What a path costs that dies silently: one of 4 tunnels under 64 UDP and 32 TCP flows, each in turn; then all at once; then
 * one under a transfer by Multipath TCP.
 * `node bench/failover.ts [--runs 20] [--interval 20]`. When it died is taken from the flows themselves (the last packet
 * that came through), when the next hop left from `ip monitor`, which flows rode the path from nftables: nothing of it is
 * what the product says of itself.
 */
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '20' }, interval: { type: 'string', default: '20' } },
})
const RUNS = Number(values.runs)
const INTERVAL_MS = Number(values.interval)
const TUNNELS = 4
const UDP_FLOWS = 64
const TCP_FLOWS = 32
const [UDP_PORT, TCP_PORT] = [9000, 9900]
const [UDP_SOURCE, TCP_SOURCE] = [20_000, 30_000]
const NETWORK = '10.200.0.0/24'

type Reports = { readonly udp: FlowReport[]; readonly tcp: FlowReport[] }
const reportOf = async (receiver: Running): Promise<Reports> => JSON.parse(await receiver.ask('report')) as Reports

/** Waits for a view as wanted. */
const reaches = async (engine: Engine, isWanted: (view: DeploymentView) => boolean): Promise<void> => {
  for await (const view of engine.stream('deployment.watch', {})) if (isWanted(view)) return
}
const isWhole = ({ changes }: ReturnType<typeof watchGroup>): boolean =>
  changes.length === 0 || changes.at(-1)?.tunnels.length === TUNNELS

/** Waits until every tunnel carries, by the engine's word and by the kernel's. */
const recovered = async (engine: Engine, group: ReturnType<typeof watchGroup>): Promise<void> => {
  await reaches(engine, allCarry)
  while (!isWhole(group)) await pause(20)
  await pause(500)
}

const allCarry = ({ tunnels }: DeploymentView): boolean =>
  tunnels.every(({ health, carries }) => health === 'up' && carries)

type Outcome = {
  readonly removedMs: number
  readonly udpOutageMs: number
  readonly tcpOutageMs: number
  readonly lostOnIt: number
  readonly lostElsewhere: number
}

const ride = (reports: readonly FlowReport[], ports: ReadonlySet<number>, first: number): FlowReport[] =>
  reports.filter(({ flow }) => ports.has(first + flow))

const longest = (reports: readonly FlowReport[]): number => Math.max(...reports.map(({ gapMs }) => gapMs)) - INTERVAL_MS
const sumLost = (reports: readonly FlowReport[]): number => reports.reduce((sum, { lost }) => sum + lost, 0)

const killOne = async (
  engine: Engine,
  dtn: Place,
  receiver: Running,
  group: ReturnType<typeof watchGroup>,
  tunnel: number,
): Promise<Outcome> => {
  await forgetFlows(dtn)
  await pause(500)
  const riding = await flowsOn(dtn, tunnel)
  await reportOf(receiver)
  await pause(300)
  await engine.call('lab.path', { tunnel, state: 'broken' })
  await pause(2500)
  const reports = await reportOf(receiver)
  await engine.call('lab.path', { tunnel, state: 'healthy' })
  const hit = ride(reports.udp, riding.udp, UDP_SOURCE)
  const others = reports.udp.filter((report) => !hit.includes(report))
  if (hit.length === 0) throw new Error(`no flow rode tunnel ${tunnel}`)
  const outages = hit.flatMap(({ outage }) => outage ?? [])
  const diedMs = Math.max(...outages.map(({ lastSentMs }) => lastSentMs))
  const removed = group.changes.find(({ atMs, tunnels }) => atMs > diedMs && !tunnels.includes(tunnel))
  return {
    removedMs: (removed?.atMs ?? Number.NaN) - diedMs,
    udpOutageMs: Math.max(...outages.map(({ gapMs }) => gapMs)) - INTERVAL_MS,
    tcpOutageMs: longest(ride(reports.tcp, riding.tcp, TCP_SOURCE)),
    lostOnIt: sumLost(hit),
    lostElsewhere: sumLost(others),
  }
}

const RTT_MS = 30
const MPTCP_SECONDS = 5
const MPTCP_MBIT = 40
const TRANSFER = fileURLToPath(new URL('support/mptcp-transfer.py', import.meta.url))

type Transfer = { readonly gapMs: number; readonly subflows: number; readonly identical: boolean }

/** The path of one tunnel dies under a transfer by Multipath TCP. */
const killUnderTransfer = async (engine: Engine, dtn: Place, address: string, run: number): Promise<Transfer> => {
  const port = 9910 + run
  const tunnel = (run % TUNNELS) + 1
  const receiver = startAt({ ...dtn, namespace: 'private1' }, 'python3', TRANSFER, 'receive', String(port))
  await receiver.next()
  const sender = startAt(
    dtn,
    'python3',
    TRANSFER,
    'send',
    address,
    String(port),
    String(MPTCP_SECONDS),
    String(MPTCP_MBIT),
  )
  await sender.next()
  await pause(1500)
  await engine.call('lab.path', { tunnel, state: 'broken' })
  const sent = JSON.parse(await sender.next()) as { bytes: number; sha256: string; subflows: number }
  const received = JSON.parse(await receiver.next()) as { bytes: number; sha256: string; gapMs: number }
  await engine.call('lab.path', { tunnel, state: 'healthy' })
  return {
    gapMs: received.gapMs,
    subflows: sent.subflows,
    identical: sent.sha256 === received.sha256 && sent.bytes === received.bytes,
  }
}

const measureMptcp = async (
  engine: Engine,
  dtn: Place,
  address: string,
  group: ReturnType<typeof watchGroup>,
): Promise<void> => {
  await engine.call('deployment.adjust', { carriage: { mptcp: { strategy: 'adaptive' } } })
  await awaitAct(engine)
  const condition = { lossRatio: 0, delayMs: RTT_MS / 2 }
  for (let tunnel = 1; tunnel <= TUNNELS; tunnel += 1) await engine.call('lab.condition', { tunnel, condition })
  const outcomes: Transfer[] = []
  for (let run = 0; run < RUNS; run += 1) {
    await recovered(engine, group)
    outcomes.push(await killUnderTransfer(engine, dtn, address, run))
    console.error(JSON.stringify(outcomes.at(-1)))
  }
  const gaps = outcomes.map(({ gapMs }) => gapMs)
  const identical = outcomes.filter((outcome) => outcome.identical).length
  console.log(
    `\nMultipath TCP at ${RTT_MS} ms, ${MPTCP_MBIT} Mbit/s: longest gap median ${whole(percentile(gaps, 0.5))}, ` +
      `p95 ${whole(percentile(gaps, 0.95))}, worst ${whole(Math.max(...gaps))} ms; ${identical} of ${RUNS} transfers identical; ` +
      `subflows beside the first: ${[...new Set(outcomes.map(({ subflows }) => subflows))].join(', ')}.`,
  )
}

/** Breaks every path, and waits for the alarm. */
const killAll = async (engine: Engine, dtn: Place): Promise<{ alarmMs: number; stray: number }> => {
  const alarm = (async () => {
    for await (const event of engine.stream('activity.watch', {}))
      if (event.kind === 'event' && event.event.kind === 'bundle.dead') return event.event.atMs
    return Number.NaN
  })()
  await Promise.all([1, 2, 3, 4].map((tunnel) => engine.call('lab.path', { tunnel, state: 'broken' })))
  const brokenMs = Date.now()
  const alarmMs = (await alarm) - brokenMs
  await pause(3000)
  const stray = await strayPackets(dtn)
  await Promise.all([1, 2, 3, 4].map((tunnel) => engine.call('lab.path', { tunnel, state: 'healthy' })))
  return { alarmMs, stray }
}

const whole = (value: number): string => value.toFixed(0)

const printOutcomes = (outcomes: readonly Outcome[]): void => {
  const row = (name: string, of: (outcome: Outcome) => number): string[] => {
    const all = outcomes.map(of)
    return [name, whole(percentile(all, 0.5)), whole(percentile(all, 0.95)), whole(Math.max(...all))]
  }
  printTable(
    [`${outcomes.length} runs`, 'median', 'p95', 'worst'],
    [
      row('next hop removed after, ms', ({ removedMs }) => removedMs),
      row('longest outage of a UDP flow, ms', ({ udpOutageMs }) => udpOutageMs),
      row('longest outage of a TCP flow, ms', ({ tcpOutageMs }) => tcpOutageMs),
      row('packets lost on flows of the path', ({ lostOnIt }) => lostOnIt),
      row('packets lost on flows of other paths', ({ lostElsewhere }) => lostElsewhere),
    ],
  )
}

await withEngine(async (engine) => {
  const view = await deploy(engine, TUNNELS)
  const { pid } = await engine.call('lab.world', {})
  const dtn: Place = { pid, namespace: null }
  const address = view.bastions[0]?.resourceAddress ?? ''
  await watchFlows(dtn, NETWORK)
  const group = watchGroup(dtn)
  const receiver = startScript({ pid, namespace: 'private1' }, 'receive-flows.ts', UDP_PORT, UDP_FLOWS, TCP_PORT)
  const outcomes: Outcome[] = []
  try {
    await reportOf(receiver)
    const sender = startScript(dtn, 'send-flows.ts', address, UDP_PORT, UDP_FLOWS, TCP_PORT, TCP_FLOWS, INTERVAL_MS)
    try {
      await pause(1000)
      for (let run = 0; run < RUNS; run += 1) {
        await recovered(engine, group)
        outcomes.push(await killOne(engine, dtn, receiver, group, (run % TUNNELS) + 1))
        console.error(JSON.stringify(outcomes.at(-1)))
      }
      await recovered(engine, group)
      const { alarmMs, stray } = await killAll(engine, dtn)
      printOutcomes(outcomes)
      console.log(`\nAll four dead: alarm after ${whole(alarmMs)} ms, ${stray} packets on other interfaces.`)
    } finally {
      await sender.end()
    }
    await measureMptcp(engine, dtn, address, group)
  } finally {
    group.end()
    await receiver.end()
  }
})
