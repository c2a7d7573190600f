import { type Command, Option } from 'commander'
import { MoleError } from '../../contract/errors.ts'
import { findKey } from '../../domain/config/keys.ts'
import type { Config } from '../../domain/config/schema.ts'
import { PROBE_PARTS, type ProbeRequest } from '../../domain/probe/request.ts'
import type { FlagValue } from '../../engine/config/load.ts'
import { type ConfigOptions, configRequestOf } from '../config-request.ts'
import { cannotAsk, confirmed } from '../confirm-plan.ts'
import { plainText } from '../plain-text.ts'
import { concludeProbe } from '../probe/conclude.ts'
import { runProbe } from '../probe/follow.ts'
import { renderIntent } from '../probe/intent.ts'
import { checkFileNames, type FileOptions } from '../probe/report-files.ts'
import { probingFlags, type RequestOptions, requestOf } from '../probe/request.ts'
import { SITE_WORDS } from '../probe/site-condition.ts'
import { renderConfigProblem } from '../render-problem.ts'
import { renderReview } from '../render-review.ts'
import { renderValue } from '../render-value.ts'
import type { Report } from '../report.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import type { Engine, World } from '../world.ts'
import { addProbeAnswer } from './probe-answer.ts'

type Options = RequestOptions &
  FileOptions & { readonly yes?: boolean; readonly profile?: string; readonly file?: string }

const EXAMPLES = [
  'mole probe dtn.example.org                # where "mole probe answer" runs, or iperf3 -s',
  'mole probe dtn.example.org --quick        # path MTU and round trips, in seconds',
  'mole probe --deployment                   # through the tunnels that are up',
  'mole probe --lab --quick                  # try it: a site on this machine',
  'mole probe --lab-condition rate=100M,delay=30ms,black-hole=1400 --duration 5s',
  'mole probe --region us-west-2 --save-results',
  'mole probe --aws --region us-west-2 --html report.html   # an instance for it; its price is shown first',
]

/** The configuration with what the options say. @throws MoleError `bad-input` with its first problem. */
const loadSound = async (world: World, { profile, file }: Options, flags: readonly FlagValue[]): Promise<Config> => {
  const request = await configRequestOf(world, { profile, file } as ConfigOptions)
  const { config, problems } = await world.config.load({ ...request, flags: [...(request.flags ?? []), ...flags] })
  if (config !== null) return config
  const [first] = problems
  const message = first === undefined ? 'The configuration has problems.' : renderConfigProblem(first)
  throw new MoleError('bad-input', message, {
    field: first?.key ?? 'document',
    meaning: 'Nothing was measured.',
    nextStep: '"mole config check FILE" names everything that is wrong.',
  })
}

/** What is made in AWS, and its price, before it is: only of that there is something to ask. Of what is up, what is billed. */
const agree = async (
  world: World,
  report: Report,
  engine: Engine,
  { target }: ProbeRequest,
  isSure: boolean,
): Promise<void> => {
  if (target.kind !== 'aws' && target.kind !== 'deployment') return
  const review = await engine.call('probe.review', { target })
  if (target.kind === 'deployment') {
    const { costNote, warnings } = review
    return report.note([costNote, ...warnings.map((warning) => `Warning: ${warning}`)].map(plainText).join('\n'))
  }
  report.note(renderReview(review, 'For the probe, and only as long as it runs:'))
  await confirmed(world, 'Launch it and measure?', isSure)
}

const addTargetOptions = (command: Command): void => {
  const heading = 'What is measured towards (without any: only this machine and the regions):'
  const add = (flags: string, description: string): void => {
    command.addOption(new Option(flags, description).helpGroup(heading))
  }
  add('--lab', 'a site on this machine, made for the probe and taken away with it')
  add('--lab-condition <name=value,...>', `the same, and what it is like: ${SITE_WORDS}`)
  add(
    '--deployment',
    'what is up, through its tunnels: the host that you name; without one the lab’s research resource, in AWS the bastion at the end of one tunnel',
  )
  add('--aws', 'a short-lived instance in AWS; its price is shown first')
  add('--region <region>', 'with --aws: where; otherwise: the one region to look at')
  add('--instance-type <type>', 'with --aws: its type')
  add('--aws-profile <credentials>', 'with --aws: credentials profile of ~/.aws/config')
  add('--source-cidr <cidr>', 'with --aws: whom it answers; this host’s public address where none is given')
  add('--iperf3-port <port>', 'of a host: where iperf3 listens (default 5201)')
  add('--echo-port <port>', 'of a host: where "mole probe answer" listens (default 7011)')
}

/** A key's name and default, for help. */
const byKey = (path: string): string => `${path}, ${renderValue(findKey(path)?.fallback)}`

const addMeasureOptions = (command: Command): void => {
  const heading = 'What is measured:'
  const add = (flags: string, description: string): void => {
    command.addOption(new Option(flags, description).helpGroup(heading))
  }
  add('--quick', 'all but bandwidth: some seconds')
  add('--parts <part,...>', `only these: ${PROBE_PARTS.join(', ')}`)
  add('--streams <n,...>', `bandwidth: numbers of parallel streams (${byKey('probing.parallel_streams')})`)
  add('--duration <time>', `bandwidth: length of each run, such as 10s (${byKey('probing.test_duration')})`)
  add('--direction <direction>', 'bandwidth: upload, download or both (default both)')
  add('--no-udp', 'bandwidth: without the steps of UDP that tell policing from congestion')
  add('--source-file <file>', 'bandwidth: send this file, to see whether its disk is what limits')
  add('--mtu-range <bytes,...>', `packet sizes to try first (${byKey('probing.mtu_range')})`)
  add(
    '--regions <region,...>',
    'regions whose endpoint is knocked at: all, none, or their names (default all; none with --lab and --deployment)',
  )
}

/** `mole probe`: what this network can do, and how that is known. */
export const addProbe: AddVerb = (program, toolbox) => {
  const { world } = toolbox
  const command = program
    .command('probe')
    .summary('measure what this network can do, and what limits it')
    .description(
      'Measures this machine, the path MTU, round trips and bandwidth, says what limits, and what to deploy. Each number says where it comes from; what could not be measured is said to be so. It needs no root, and changes nothing.\nEvery probe is kept: "mole probes" lists them. Ctrl-C ends it within a second and keeps what it had found.',
    )
    .argument('[host]', 'a host that runs "mole probe answer" or "iperf3 -s"')
    .enablePositionalOptions()
    .option('--yes', 'do not ask (only --aws asks)')
    .option('--html <file>', 'also write a report that a network group can read, to this new file')
    .option('--save-results [file.json]', 'also write everything as JSON, to this new file (default ID.json)')
    .option('--profile <name>', 'take the section "probing" of a saved profile')
    .option('-f, --file <file.yaml>', "take a configuration document in a profile's place; - is stdin")
  addTargetOptions(command)
  addMeasureOptions(command)
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, options, [host]) => {
    checkFileNames(options)
    const config = await loadSound(world, options, probingFlags(options))
    const request = requestOf(options, host, config)
    const isSure = options.yes === true
    if (request.target.kind === 'aws' && !isSure && !world.isInteractive) throw cannotAsk()
    const engine = await world.engine.findOrStart()
    try {
      await agree(world, report, engine, request, isSure)
      report.note(renderIntent(request))
      const probe = await runProbe(world, report, engine, request)
      return await concludeProbe(world, report, probe, options)
    } finally {
      engine.close()
    }
  })
  addProbeAnswer(command, toolbox)
}
