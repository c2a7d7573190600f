import { MoleError } from '../../../contract/errors.ts'
import type { MeasureRequest } from '../../../contract/probe.ts'
import type { RoundTrips } from '../../../domain/probe/path.ts'
import { type MeasureContext, problemOf } from '../context.ts'
import { knock } from '../knock.ts'
import { resolveHost } from '../resolve-host.ts'
import { measured } from '../source.ts'
import { attemptByIcmp, type IcmpFindings, makePinger, type Pinger, pingTrips } from './by-icmp.ts'
import { attemptByUdp, type Contact, copiesFor, makeContact, patienceMs, SMALL_BYTES, takeTrips } from './by-udp.ts'
import { type EchoClient, openEchoClient } from './echo-client.ts'
import { makeMtuResult } from './mtu-result.ts'
import { nobodyAnswers, noMtu, noRoute, whatUdpMet } from './path-problems.ts'
import { summariseTrips } from './round-trips.ts'
import { searchMtu } from './search-mtu.ts'

export type PathRequest = Extract<MeasureRequest, { do: 'path' }>

type Way = PathRequest & { readonly address: string; readonly client: EchoClient }

const EMSGSIZE = 90
/** Pings go by processes, and slower. */
const MOST_PINGS = 10
const PING_WAIT_MS = 1000
const KNOCKS = 5

const lossOf = ({ sent, answered }: Pick<RoundTrips, 'sent' | 'answered'>): number => 1 - answered / sent

const byUdp = async (
  { client, echoPort, echoes, rungs }: Way,
  { rttMs }: Extract<Contact, { is: 'answered' }>,
  { emit, signal }: MeasureContext,
): Promise<void> => {
  const onEach = (share: number): void =>
    emit({ kind: 'doing', text: `Round trips to UDP port ${echoPort}`, progressRatio: 0.1 + 0.3 * share })
  const samples = await takeTrips(client, { echoes, rttMs, signal, onEach })
  const from = measured(`${samples.length} of ${echoes} UDP echoes to port ${echoPort}`)
  const trips = summariseTrips(samples, { by: 'udp', sent: echoes, from })
  if (trips !== null) emit({ kind: 'trips', trips })

  emit({ kind: 'doing', text: 'Which packet sizes pass', progressRatio: 0.45 })
  const told = (): number[] =>
    client.said().flatMap(({ errno, mtuBytes }) => (errno === EMSGSIZE && mtuBytes > 0 ? [mtuBytes] : []))
  const own = client.interfaceMtu
  const searched = await searchMtu({
    rungs,
    passes: SMALL_BYTES,
    attempt: attemptByUdp(client, Math.max(rttMs, ...samples), signal),
    named: () => [...told(), ...[own()].filter((mtu) => mtu !== null)],
    copies: copiesFor(trips === null ? 0.5 : lossOf(trips)),
    onRung: (rung) => {
      emit({ kind: 'rung', rung })
      emit({ kind: 'doing', text: 'The largest size that passes', progressRatio: 0.7 })
    },
  })
  if (!signal.aborted)
    emit({ kind: 'mtu', result: makeMtuResult(searched, { by: 'udp', port: echoPort, told: told() }) })
}

/** By the interface, as a packet that is larger than any shows: it is refused here, or goes unanswered. */
const learnInterface = async (client: EchoClient, rungs: readonly number[]): Promise<number | null> => {
  await client.wait([client.send(Math.max(...rungs))], 0)
  return client.interfaceMtu()
}

const byIcmp = async (
  { client, rungs, echoPort }: Way,
  { pinger, samples, sent }: { readonly pinger: Pinger; readonly samples: readonly number[]; readonly sent: number },
  { emit, signal }: MeasureContext,
): Promise<void> => {
  const tool = { tool: 'ping', version: pinger.version }
  const why = `as no UDP echo is answered on port ${echoPort}`
  const from = measured(`${samples.length} of ${sent} ICMP echoes, ${why}`, tool)
  const trips = summariseTrips(samples, { by: 'icmp', sent, from })
  if (trips !== null) emit({ kind: 'trips', trips })
  emit({ kind: 'doing', text: 'Which packet sizes pass, by ICMP', progressRatio: 0.5 })
  const findings: IcmpFindings = { told: [], interfaceMtu: await learnInterface(client, rungs) }
  const searched = await searchMtu({
    rungs,
    passes: SMALL_BYTES,
    attempt: attemptByIcmp(pinger, findings, patienceMs(Math.max(...samples))),
    named: () => [...findings.told, ...[findings.interfaceMtu].filter((mtu) => mtu !== null)],
    copies: copiesFor(1 - samples.length / sent),
    onRung: (rung) => emit({ kind: 'rung', rung }),
  })
  if (!signal.aborted)
    emit({ kind: 'mtu', result: makeMtuResult(searched, { by: 'icmp', port: null, told: findings.told, tool }) })
}

const knocks = async ({ address, tcpPort }: Way, { signal }: MeasureContext): Promise<RoundTrips | null> => {
  if (tcpPort === null) return null
  const samples: number[] = []
  let isOpen = true
  for (let count = 0; count < KNOCKS && !signal.aborted; count += 1) {
    const met = await knock(address, tcpPort, signal)
    if (met.is === 'failed' && samples.length === 0 && count > 0) break
    if (met.is !== 'failed') samples.push(met.ms)
    if (met.is === 'refused') isOpen = false
  }
  const how = isOpen ? 'the time a TCP connection takes' : 'the time until a TCP connection is refused'
  const from = measured(
    `${samples.length} of ${KNOCKS} knocks at TCP port ${tcpPort}: ${how}; neither UDP nor ICMP echoes are answered`,
  )
  return summariseTrips(samples, { by: 'tcp', sent: KNOCKS, from })
}

type Pinged =
  | { readonly is: 'answered'; readonly pinger: Pinger; readonly samples: readonly number[]; readonly sent: number }
  | { readonly is: 'not'; readonly met: string }

const tryIcmp = async ({ address, echoes }: Way, { runner, signal }: MeasureContext): Promise<Pinged> => {
  try {
    const pinger = await makePinger(runner, address)
    const sent = Math.min(echoes, MOST_PINGS)
    const said = await pingTrips(pinger, sent, PING_WAIT_MS)
    if (said.rttsMs.length > 0) return { is: 'answered', pinger, samples: said.rttsMs, sent }
    return { is: 'not', met: said.unreachable ?? `${sent} ICMP echoes were not answered` }
  } catch (error) {
    if (signal.aborted || !(error instanceof MoleError)) throw error
    const lacks = error.code === 'missing-program' ? ` (${problemOf(error).nextStep ?? ''})` : ''
    return { is: 'not', met: `ICMP could not be tried, ${error.message}${lacks}`.replace(/\.( \(|$)/, '$1') }
  }
}

/** By what else may answer, once no UDP echo was. */
const otherwise = async (way: Way, metByUdp: string, context: MeasureContext): Promise<void> => {
  const { emit } = context
  emit({ kind: 'doing', text: 'No UDP echo is answered: ICMP', progressRatio: 0.3 })
  const pinged = await tryIcmp(way, context)
  if (pinged.is === 'answered') {
    await byIcmp(way, pinged, context)
    return
  }
  const met = [metByUdp, pinged.met]
  emit({ kind: 'doing', text: 'No ICMP echo is answered either: TCP', progressRatio: 0.7 })
  const trips = await knocks(way, context)
  if (trips === null) {
    const all = way.tcpPort === null ? met : [...met, `TCP port ${way.tcpPort} does not answer`]
    throw nobodyAnswers(way.host, all)
  }
  emit({ kind: 'trips', trips })
  emit({ kind: 'problem', of: 'mtu', problem: problemOf(noMtu(way.host, met)) })
}

const openClient = (host: string, address: string, port: number): EchoClient => {
  try {
    return openEchoClient(address, port)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    throw error instanceof MoleError || code === undefined ? error : noRoute(host, code)
  }
}

/**
 * Path MTU and round trips: by UDP echoes where the target answers those, else by ICMP, else the round trip alone by TCP.
 * @throws MoleError where neither could be had.
 */
export const measurePath = async (request: PathRequest, context: MeasureContext): Promise<void> => {
  const { emit, signal } = context
  emit({ kind: 'doing', text: `Looking for ${request.host}`, progressRatio: 0 })
  const address = await resolveHost(request.host)
  const client = openClient(request.host, address, request.echoPort)
  try {
    const way: Way = { ...request, address, client }
    emit({ kind: 'doing', text: `Asking UDP port ${request.echoPort} for echoes`, progressRatio: 0.05 })
    const contact = await makeContact(client, signal)
    if (signal.aborted) return
    if (contact.is === 'answered') await byUdp(way, contact, context)
    else await otherwise(way, whatUdpMet(contact, request.echoPort), context)
  } finally {
    client.close()
  }
}
