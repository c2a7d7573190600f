import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { MoleError } from '../../../contract/errors.ts'
import type { MeasureRequest } from '../../../contract/probe.ts'
import { parseIperfVersion } from '../../iperf/iperf-output.ts'
import { type MeasureContext, problemOf } from '../context.ts'
import { resolveHost } from '../resolve-host.ts'
import { omitSecondsOf, type Server, type TcpPlan } from './client-arguments.ts'
import { measureTcp } from './measure-tcp.ts'
import { measureUdp } from './measure-udp.ts'
import { makeProgress } from './progress.ts'
import { openTally } from './tally.ts'

export type BandwidthRequest = Extract<MeasureRequest, { do: 'bandwidth' }>

/** @throws MoleError `bad-input`. */
const checkSource = async (path: string): Promise<void> => {
  try {
    await access(path, constants.R_OK)
  } catch (cause) {
    throw new MoleError(
      'bad-input',
      `The source file ${path} cannot be read.`,
      {
        field: 'sourceFile',
        meaning: `It was to be sent (${(cause as NodeJS.ErrnoException).code ?? 'unknown'}); uploads were not measured.`,
        nextStep: 'Name a file that you may read, or none.',
      },
      { cause },
    )
  }
}

/** All runs of a request, one direction after the other. */
const planRuns = ({ directions, streams, seconds, sourceFile, maximumSegmentBytes }: BandwidthRequest): TcpPlan[] =>
  directions.flatMap((direction) =>
    streams.map((count) => {
      const source = direction === 'upload' ? sourceFile : null
      const omitSeconds = omitSecondsOf(seconds, source)
      return { direction, streams: count, seconds, omitSeconds, sourceFile: source, maximumSegmentBytes }
    }),
  )

/** Without the uploads, when what they were to send cannot be read. */
const possibleRuns = async (request: BandwidthRequest, { emit }: MeasureContext): Promise<TcpPlan[]> => {
  const plans = planRuns(request)
  if (request.sourceFile === null || !request.directions.includes('upload')) return plans
  try {
    await checkSource(request.sourceFile)
    return plans
  } catch (error) {
    emit({ kind: 'problem', of: 'uploads', problem: problemOf(error) })
    return plans.filter(({ direction }) => direction === 'download')
  }
}

/**
 * Measures the bandwidth towards an iperf3 server: TCP over so many streams each way, looked at with `ss` meanwhile, then UDP
 * in steps. Tells what there is after each run; what fails is told as a problem, and what was found before stays.
 * @throws MoleError `missing-program` without iperf3, `not-found`, `cancelled`.
 */
export const measureBandwidth = async (request: BandwidthRequest, context: MeasureContext): Promise<void> => {
  const { runner, emit } = context
  const { stdout } = await runner.run('iperf3', ['--version'])
  const version = parseIperfVersion(stdout)
  const server: Server = { address: await resolveHost(request.host), port: request.iperf3Port }
  const plans = await possibleRuns(request, context)
  const tally = await openTally(context, server, version)
  const progress = makeProgress(emit, plans, request)
  const parts = { context, server, request, tally, progress, version }
  const goesOn = await measureTcp(parts, plans)
  if (goesOn && request.udp) await measureUdp(parts)
  progress.finish()
}
