import type { ChildProcess } from 'node:child_process'
import type { z } from 'zod'
import { MoleError } from '../../contract/errors.ts'
import type { TrafficEvent, TrafficRequest } from '../../contract/helper.ts'
import type { Spread } from '../../domain/carriage.ts'
import { interfaceName } from '../../domain/ours.ts'
import { parseIperfError, parseIperfLine, parseIperfVersion, type Total } from '../iperf/iperf-output.ts'
import { linesOf } from '../iperf/lines-of.ts'
import type { Runner } from '../run.ts'
import { type Placement, placeFlows, sourceTowards } from './flow-placement.ts'
import type { BastionRecord } from './record.ts'
import { namespacePath, placeOf } from './topology.ts'

type Event = z.infer<typeof TrafficEvent>
type Request = z.infer<typeof TrafficRequest>

/** Runs have a server of their own each, so that they do not wait for one another: iperf3 serves one test at a time. */
const FIRST_RUN_PORT = 5210
const RUN_PORTS = 80
let nextRun = 0

/** How ordinary TCP connections find their tunnels: dealt out, or by the relay, each over all of them. */
export type Carried = Spread | 'relay'

/** Dies with the helper: nobody would be left to end it. */
const TIED = ['--pdeathsig', 'KILL', '--'] as const

/** iperf3 3.12 knows no Multipath TCP; mptcpize has it open sockets of that kind (`mptcpize(8)`). @throws MoleError `missing-program` */
const iperf = (runner: Runner, { protocol }: Request): string[] => [
  ...(protocol === 'mptcp' ? [runner.pathOf('mptcpize'), 'run'] : []),
  runner.pathOf('iperf3'),
]

const startServer = (runner: Runner, record: BastionRecord, request: Request, port: number): ChildProcess =>
  runner.start(
    'nsenter',
    [
      `--net=${namespacePath(placeOf(record).privateNamespace)}`,
      '--',
      runner.pathOf('setpriv'),
      ...TIED,
      ...iperf(runner, request),
      '--server',
      '--one-off',
      '--forceflush',
      '--port',
      String(port),
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )

/** Resolves when the server says that it listens. @throws MoleError `not-available` when it ends before. */
const listening = async (server: ChildProcess): Promise<void> => {
  for await (const line of linesOf(server.stdout)) {
    if (!line.includes('Server listening')) continue
    // What it prints from here on is the other end's view of the same test.
    server.stdout?.resume()
    return
  }
  throw new MoleError('not-available', 'The iperf3 server of the lab ended before it listened.', {
    field: 'iperf3',
    nextStep: 'Try again; another program may hold its port.',
  })
}

/** The client's arguments. Pure. */
export const clientArguments = (
  request: Request,
  address: string,
  port: number,
  placement: Placement | null,
): string[] => [
  '--client',
  address,
  '--port',
  String(port),
  '--time',
  String(request.durationSeconds),
  '--parallel',
  String(request.streams),
  '--interval',
  '1',
  '--format',
  'k',
  '--forceflush',
  // Where the control connection falls on a dead tunnel, the kernel alone would try for two minutes.
  '--connect-timeout',
  '5000',
  ...(request.direction === 'download' ? ['--reverse'] : []),
  ...(placement === null ? [] : ['--cport', String(placement.firstPort)]),
]

const describeStreams = ({ streams, protocol }: Request): string => {
  const kind = protocol === 'mptcp' ? 'Multipath TCP' : 'TCP'
  return streams === 1 ? `1 ${kind} stream` : `${streams} ${kind} streams in one process`
}

const describePlacement = (request: Request, carried: Carried, placement: Placement | null): string => {
  if (request.protocol === 'mptcp') return ', by mptcpize at both ends'
  if (carried === 'relay') return ', by the relay over all tunnels'
  if (carried === 'round-robin') return ', one tunnel after the other'
  if (placement === null) return ', ephemeral client ports'
  const counts = [...placement.streamsBySlot]
    .sort(([a], [b]) => a - b)
    .map(([slot, streamCount]) => `${interfaceName(slot)}: ${streamCount}`)
    .join(', ')
  const last = placement.firstPort + request.streams - 1
  const ports = last === placement.firstPort ? `client port ${last}` : `client ports ${placement.firstPort}–${last}`
  return `; ${ports} chosen so that the kernel's own hash spreads them (${counts})`
}

/** How the figures came to be, in one line. Pure. */
export const describeTool = (
  version: string,
  request: Request,
  carried: Carried,
  placement: Placement | null,
): string => `iperf3 ${version}, ${describeStreams(request)}${describePlacement(request, carried, placement)}`

/** What iperf3 may take beyond the time asked for: connecting, and exchanging results. */
const OVERTIME_MS = 15_000

const failure = (text: string): MoleError =>
  new MoleError('not-available', `iperf3 could not finish: ${parseIperfError(text) ?? 'it gave no report in time'}.`, {
    field: 'iperf3',
    meaning: 'The test traffic was cut off, or the resource could not be reached through the tunnels.',
    nextStep: 'Look at the health of the tunnels, then start the traffic again.',
  })

/** The report from iperf3's final lines: what the receiver got, and what the sender had to send again. Pure. */
export const reportOf = (totals: readonly Total[], tool: string, atMs: number): Event | null => {
  const sender = totals.find((total) => total.end === 'sender')
  const received = totals.find((total) => total.end === 'receiver') ?? sender
  if (received === undefined) return null
  const { seconds, bitsPerSecond } = received
  const bytes = Math.round((bitsPerSecond * seconds) / 8)
  return { kind: 'report', atMs, seconds, bytes, bitsPerSecond, retransmits: sender?.retransmits ?? null, tool }
}

const clientEvents = async function* (client: ChildProcess, streams: number, tool: string): AsyncGenerator<Event> {
  const totals: Total[] = []
  let text = ''
  client.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = `${text}${chunk}`.slice(-4096)
  })
  for await (const line of linesOf(client.stdout)) {
    const figure = parseIperfLine(line, streams)
    if (figure?.kind === 'interval') {
      const { kind, seconds, bitsPerSecond } = figure
      yield { kind, seconds, bitsPerSecond, atMs: Date.now() }
    } else if (figure?.kind === 'total') totals.push(figure)
    else text = `${text}${line}\n`.slice(-4096)
  }
  const report = reportOf(totals, tool, Date.now())
  if (report === null) throw failure(text)
  yield report
}

const noTunnel = (address: string): MoleError =>
  new MoleError('conflict', `No tunnel carries traffic to ${address} now.`, {
    field: 'lab',
    meaning: 'Test traffic is only ever sent through the tunnels.',
    nextStep: 'Wait until the deployment is connected, or heal a broken path with "mole lab heal <tunnel>".',
  })

/** Ports are chosen only where they decide: by the hash, for connections that ride one tunnel. */
const placed = async (
  runner: Runner,
  request: Request,
  carried: Carried,
  flow: { readonly source: string; readonly address: string; readonly port: number },
): Promise<Placement | null> =>
  carried === 'hash' && request.protocol === 'tcp' ? placeFlows(runner, { ...flow, streams: request.streams }) : null

/**
 * Runs iperf3 from the DTN to the research resource. `carried` is how connections find their tunnels now. Ends both
 * of its processes when the reader stops, `signal` aborts or the helper dies.
 * @throws MoleError `conflict` when no tunnel leads there, `missing-program`, `not-available` when iperf3 fails, `cancelled`.
 */
export const runTraffic = async function* (
  runner: Runner,
  record: BastionRecord,
  request: Request,
  carried: Carried,
  signal: AbortSignal,
): AsyncGenerator<Event> {
  const { resourceAddress } = placeOf(record)
  const source = await sourceTowards(runner, resourceAddress)
  if (source === null) throw noTunnel(resourceAddress)
  const port = FIRST_RUN_PORT + (nextRun++ % RUN_PORTS)
  const children: ChildProcess[] = []
  const end = (): void => {
    for (const child of children) child.kill('SIGKILL')
  }
  signal.addEventListener('abort', end)
  const limit = setTimeout(end, request.durationSeconds * 1000 + OVERTIME_MS)
  try {
    const server = startServer(runner, record, request, port)
    children.push(server)
    const [placement, version] = await Promise.all([
      placed(runner, request, carried, { source, address: resourceAddress, port }),
      runner.run('iperf3', ['--version']).then(({ stdout }) => parseIperfVersion(stdout)),
      listening(server),
    ])
    signal.throwIfAborted()
    const argv = clientArguments(request, resourceAddress, port, placement)
    const client = runner.start('setpriv', [...TIED, ...iperf(runner, request), ...argv], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.push(client)
    yield { kind: 'started', atMs: Date.now() }
    yield* clientEvents(client, request.streams, describeTool(version, request, carried, placement))
  } catch (error) {
    throw signal.aborted ? new MoleError('cancelled', 'The traffic was stopped.', {}, { cause: error }) : error
  } finally {
    signal.removeEventListener('abort', end)
    clearTimeout(limit)
    end()
  }
}
