import { z } from 'zod'
import { MoleError } from '../../contract/errors.ts'
import { AnswerEvent } from '../../contract/probe.ts'
import { ECHO_PORT, IPERF3_PORT } from '../../domain/probe/request.ts'
import { EXIT, type ExitCode, exitCodeOf } from '../exit-codes.ts'
import { contradicted } from '../probe/refused.ts'
import { openReport, type Report } from '../report.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import { parseNumber } from '../whole-number.ts'

type Options = {
  readonly echoPort: string
  readonly iperf3Port: string
  readonly echo: boolean
  readonly iperf3: boolean
}

const EXAMPLES = ['mole probe answer', 'mole probe answer --iperf3-port 5202', 'mole probe answer --no-iperf3']

const Port = z.int().min(1).max(65_535)

type Answering = Extract<AnswerEvent, { kind: 'answering' }>

const renderAnswering = ({ echoPort, iperf3Port }: Answering): string => {
  const echo = echoPort === null ? [] : [`UDP port ${echoPort} (path MTU and round trips)`]
  const iperf3 = iperf3Port === null ? [] : [`TCP and UDP port ${iperf3Port} (bandwidth, by iperf3)`]
  const flags = [
    ...(echoPort === null || echoPort === ECHO_PORT ? [] : [` --echo-port ${echoPort}`]),
    ...(iperf3Port === null || iperf3Port === IPERF3_PORT ? [] : [` --iperf3-port ${iperf3Port}`]),
  ]
  return [
    `Answering on ${[...echo, ...iperf3].join(' and ')}, until Ctrl-C.`,
    `From the other side: mole probe THIS-HOST${flags.join('')}`,
    'Whoever reaches these ports can use them: let through only those who are to measure.',
  ].join('\n')
}

type Problem = Extract<AnswerEvent, { kind: 'problem' }>

const errorOf = ({ of, problem: { message, meaning, nextStep } }: Problem): MoleError =>
  new MoleError('not-available', message, {
    field: of,
    ...(meaning === null ? {} : { meaning }),
    ...(nextStep === null ? {} : { nextStep }),
  })

/**
 * What is answered, told as it is heard; the exit code once it has ended. Programs get one object: of what cannot be served
 * beside what can they learn by the port that lacks, and people by `aside`.
 */
const listener = (report: Report, aside: Report): { hear(line: string): void; exit(code: number): ExitCode } => {
  let isAnswering = false
  let problems: MoleError[] = []
  const tell = (): void => {
    for (const problem of problems) aside.failure(problem)
    problems = []
  }
  const hear = (line: string): void => {
    const event = AnswerEvent.parse(JSON.parse(line))
    if (event.kind === 'problem') problems.push(errorOf(event))
    else {
      report.result({ echoPort: event.echoPort, iperf3Port: event.iperf3Port }, renderAnswering(event))
      isAnswering = true
    }
    if (isAnswering) tell()
  }
  const exit = (code: number): ExitCode => {
    const failure = problems.pop()
    tell()
    if (failure !== undefined) report.failure(failure)
    if (failure !== undefined) return exitCodeOf(failure.code)
    // Without a word of what is wrong: by Ctrl-C.
    return code === 0 ? EXIT.ok : EXIT.internal
  }
  return { hear, exit }
}

/** `mole probe answer`: the far end of a probe. */
export const addProbeAnswer: AddVerb = (probe, toolbox) => {
  const { world } = toolbox
  const command = probe
    .command('answer')
    .summary('be what others measure towards')
    .description(
      'Answers probes from another machine until Ctrl-C: it sends back UDP packets of whatever size comes, never more than came, and runs "iperf3 -s". It needs no root, and neither an engine nor a configuration.',
    )
    .option('--echo-port <port>', 'where UDP packets are sent back', String(ECHO_PORT))
    .option('--iperf3-port <port>', 'where iperf3 listens', String(IPERF3_PORT))
    .option('--no-echo', 'only iperf3')
    .option('--no-iperf3', 'only UDP packets')
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, options) => {
    const echoPort = parseNumber(Port, options.echoPort, '--echo-port')
    const iperf3Port = parseNumber(Port, options.iperf3Port, '--iperf3-port')
    if (!options.echo && !options.iperf3)
      throw contradicted('--no-echo and --no-iperf3 leave nothing to answer.', '--no-iperf3', 'Give one of them.')
    const { hear, exit } = listener(report, openReport(world, {}))
    const argv = [
      ...['--echo-port', String(echoPort), '--iperf3-port', String(iperf3Port)],
      ...(options.echo ? [] : ['--no-echo']),
      ...(options.iperf3 ? [] : ['--no-iperf3']),
    ]
    return exit(await world.answerProbes(argv, hear))
  })
}
