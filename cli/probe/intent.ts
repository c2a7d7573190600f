import type { ProbeReport } from '../../domain/probe/report.ts'
import type { ProbeRequest, ProbeTarget } from '../../domain/probe/request.ts'
import { plainText } from '../plain-text.ts'
import { renderDuration } from '../quantities.ts'

const targetName = (target: Exclude<ProbeTarget, { kind: 'none' }>): string => {
  switch (target.kind) {
    case 'lab':
      return 'a site of the lab'
    case 'host':
      return target.host
    case 'deployment':
      return target.host === null
        ? 'what is up, through its tunnels'
        : `${target.host}, through the tunnels that are up`
    case 'aws':
      return `an instance in ${target.region}`
  }
}

const whatOf = ({ target, regions }: ProbeRequest): string => {
  if (target.kind !== 'none') return `Measuring towards ${plainText(targetName(target))}.`
  const [only, another] = regions ?? [undefined, undefined]
  const far = only !== undefined && another === undefined ? `${only} is` : 'the regions are'
  return regions?.length === 0 ? 'Looking at this machine.' : `Looking at this machine, and how far ${far}.`
}

/** UDP goes one way: about five steps with one flow, two with more, of some 2 s. */
const UDP_SECONDS = 7 * 2
/** A run's start, which is left out, and what lies between two. */
const BETWEEN_SECONDS = 2

const bandwidthSeconds = ({ streams, directions, seconds, udp }: ProbeRequest): number =>
  directions.length * streams.length * (seconds + BETWEEN_SECONDS) + (udp ? UDP_SECONDS : 0)

/** What is about to be done, and how long it takes; iperf3 runs fill the path, and others on it feel that. */
export const renderIntent = (request: ProbeRequest): string => {
  const what = whatOf(request)
  if (!request.parts.includes('bandwidth')) return what
  const runs = request.streams.length * request.directions.length
  const seconds = bandwidthSeconds(request)
  // An estimate has no hundredths.
  const length = seconds < 60 ? `${seconds} s` : renderDuration(seconds * 1000)
  return `${what}\nBandwidth: ${runs} runs of ${request.seconds} s, about ${length}, in which others on the path have less; --quick leaves them out. Ctrl-C ends it and keeps what it had found.`
}

const MORE = [
  'Only this machine and the regions were looked at. A path is measured towards something that answers:',
  '  mole probe HOST      where "mole probe answer" runs there',
  '  mole probe --aws --region REGION   an instance for it; its price is shown first',
  '  mole probe --lab     to try it on this machine',
].join('\n')

/** What can be done with it now. */
export const hintsOf = ({ id, request, state }: ProbeReport, files: readonly string[]): string[] => [
  ...files.map((file) => `Written: ${file}`),
  ...(request.target.kind === 'none' && state === 'done' ? [MORE] : []),
  `Kept as ${id}: mole probes show ${id}`,
]
