import { appContract, type TrafficState } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'
import { engineOfDeployment } from '../engine-of-deployment.ts'
import { EXIT, type ExitCode, exitCodeOf } from '../exit-codes.ts'
import { plainText } from '../plain-text.ts'
import { renderBytes, renderDuration, renderRate } from '../quantities.ts'
import type { Report } from '../report.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import { parseNumber } from '../whole-number.ts'
import type { Engine, World } from '../world.ts'

type Options = {
  readonly streams: string
  readonly duration: string
  readonly direction: string
  readonly protocol: string
}

const EXAMPLES = [
  'mole lab traffic',
  'mole lab traffic --streams 16 --duration 60 --direction download',
  'mole lab traffic --streams 1 --protocol mptcp',
  'mole lab traffic --json',
]

const Input = appContract['traffic.start'].input.shape

const parseDirection = (text: string): 'upload' | 'download' => {
  const parsed = Input.direction.unwrap().safeParse(text)
  if (parsed.success) return parsed.data
  throw new MoleError('bad-input', `--direction ${plainText(text)}: must be upload (to the resource) or download`, {
    field: '--direction',
    meaning: 'Nothing was started.',
    nextStep: 'Give --direction upload or --direction download.',
  })
}

const parseProtocol = (text: string): 'tcp' | 'mptcp' => {
  const parsed = Input.protocol.unwrap().safeParse(text)
  if (parsed.success) return parsed.data
  throw new MoleError('bad-input', `--protocol ${plainText(text)}: must be tcp or mptcp`, {
    field: '--protocol',
    meaning: 'Nothing was started.',
    nextStep: 'Give --protocol tcp or --protocol mptcp.',
  })
}

const renderReport = ({
  bitsPerSecond,
  bytes,
  seconds,
  retransmits,
  tool,
}: NonNullable<TrafficState['report']>): string => {
  const again = retransmits === null ? '' : `, ${retransmits} retransmits`
  return `${renderRate(bitsPerSecond)} over ${renderDuration(seconds * 1000)}: ${renderBytes(bytes)}${again} (measured by ${plainText(tool)})`
}

/** Shows each interval until the run ends; Ctrl-C ends it without a result, as iperf3 reports at its own end alone. */
const follow = async (world: World, report: Report, engine: Engine): Promise<TrafficState | null> => {
  const release = world.onInterrupt(() => void engine.call('traffic.stop', {}).catch(() => {}))
  let last: TrafficState | null = null
  try {
    for await (const state of engine.stream('traffic.watch', {})) {
      const isNews = state.latestBitsPerSecond !== null && state.latestBitsPerSecond !== last?.latestBitsPerSecond
      if (state.running && isNews) report.note(`  ${renderRate(state.latestBitsPerSecond ?? 0)}`)
      last = state
      if (!state.running) break
    }
  } finally {
    release()
  }
  return last
}

const conclude = (report: Report, state: TrafficState | null): ExitCode => {
  const problem = state?.problem ?? null
  if (problem !== null) {
    report.failure(problem)
    return exitCodeOf(problem.code)
  }
  if (state?.report == null) {
    report.failure(
      new MoleError('cancelled', 'The run was stopped before it had a result.', { nextStep: 'Start it again.' }),
    )
    return EXIT.interrupted
  }
  report.result({ traffic: state.report }, renderReport(state.report))
  return EXIT.ok
}

/** `mole lab traffic`: load from the DTN to the research resource, measured by iperf3. */
export const addLabTraffic: AddVerb = (lab, toolbox) => {
  const { world } = toolbox
  const command = lab
    .command('traffic')
    .summary('send test traffic through the tunnels')
    .description(
      "Sends traffic between the lab's DTN and the research resource behind the bastion with iperf3, and shows what it carried.",
    )
    .option('--streams <n>', 'TCP connections side by side, 1 to 128', '8')
    .option('--duration <seconds>', 'how long, in seconds', '10')
    .option('--direction <direction>', 'upload (to the resource) or download', 'upload')
    .option('--protocol <protocol>', 'tcp, or mptcp: Multipath TCP at both ends, by mptcpize', 'tcp')
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, options) => {
    const streams = parseNumber(Input.streams.unwrap(), options.streams, '--streams')
    const durationSeconds = parseNumber(Input.durationSeconds.unwrap(), options.duration, '--duration')
    const direction = parseDirection(options.direction)
    const protocol = parseProtocol(options.protocol)
    const engine = await engineOfDeployment(world)
    await engine.call('traffic.start', { streams, durationSeconds, direction, protocol })
    return conclude(report, await follow(world, report, engine))
  })
}
