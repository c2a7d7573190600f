import { create } from 'zustand'
import { ECHO_PORT, IPERF3_PORT, PROBE_PARTS, type ProbePart, ProbeRequest } from '../../../domain/probe/request.ts'
import type { Account } from '../aws/look-ups.ts'

export type TargetKind = ProbeRequest['target']['kind']

/** A probe while it is being written: numbers may be empty, rates are in the unit people type. */
export type ProbeDraft = {
  readonly kind: TargetKind
  readonly host: string
  /** Behind the tunnels of what is up. Empty: where they lead by themselves (`farEndOf`). */
  readonly behind: string
  readonly iperf3Port: number | string
  readonly echoPort: number | string
  readonly account: Account
  /** Of the lab's site. Empty: as good as it gets. */
  readonly rateMegabits: number | string
  readonly mtuBytes: number | string
  readonly delayMs: number | string
  readonly lossPercent: number | string
  readonly flowRateMegabits: number | string
  readonly blackHoleAboveBytes: number | string
  readonly windowKibibytes: number | string
  readonly senderMegabits: number | string
  readonly parts: readonly ProbePart[]
  /** `1200, 1500`: as it is typed. */
  readonly mtuRungs: string
  readonly allRegions: boolean
  readonly streams: readonly number[]
  readonly seconds: number | string
  readonly directions: readonly ('upload' | 'download')[]
  readonly udp: boolean
  readonly sourceFile: string
  /** What the configuration says of probes has been taken over. */
  readonly isBegun: boolean
}

const BITS_PER_MEGABIT = 1_000_000
const KIBIBYTE = 1024

/** Parts that want something at the other end. */
const OF_TARGET: readonly ProbePart[] = ['mtu', 'bandwidth']

const number = (value: number | string): number => (value === '' ? Number.NaN : Number(value))
const bits = (megabits: number | string): number => Math.round(number(megabits) * BITS_PER_MEGABIT)
const orNull = <Value>(given: number | string, value: Value): Value | null => (given === '' ? null : value)

const siteOf = (draft: ProbeDraft) => ({
  rateBitsPerSecond: bits(draft.rateMegabits),
  mtuBytes: number(draft.mtuBytes),
  delayMs: number(draft.delayMs),
  lossRatio: number(draft.lossPercent) / 100,
  flowRateBitsPerSecond: orNull(draft.flowRateMegabits, bits(draft.flowRateMegabits)),
  blackHoleAboveBytes: orNull(draft.blackHoleAboveBytes, number(draft.blackHoleAboveBytes)),
  receiveWindowBytes: orNull(draft.windowKibibytes, number(draft.windowKibibytes) * KIBIBYTE),
  senderBitsPerSecond: orNull(draft.senderMegabits, bits(draft.senderMegabits)),
})

const ports = (draft: ProbeDraft) => ({ iperf3Port: number(draft.iperf3Port), echoPort: number(draft.echoPort) })

const targetOf = (draft: ProbeDraft) => {
  const { kind, host } = draft
  if (kind === 'lab') return { kind, site: siteOf(draft) }
  if (kind === 'host') return { kind, host: host.trim(), ...ports(draft) }
  if (kind === 'deployment')
    return { kind, host: draft.behind.trim() === '' ? null : draft.behind.trim(), ...ports(draft) }
  if (kind === 'aws') return { kind, profile: draft.account.profile, region: draft.account.region ?? '' }
  return { kind }
}

/** Parts that can be measured towards such a target. */
export const partsFor = (kind: TargetKind, parts: readonly ProbePart[]): ProbePart[] =>
  PROBE_PARTS.filter((part) => parts.includes(part) && !(kind === 'none' && OF_TARGET.includes(part)))

/** What the forms call the request's fields. */
const FIELDS: Readonly<Record<string, keyof ProbeDraft>> = {
  'target.site.rateBitsPerSecond': 'rateMegabits',
  'target.site.mtuBytes': 'mtuBytes',
  'target.site.delayMs': 'delayMs',
  'target.site.lossRatio': 'lossPercent',
  'target.site.flowRateBitsPerSecond': 'flowRateMegabits',
  'target.site.blackHoleAboveBytes': 'blackHoleAboveBytes',
  'target.site.receiveWindowBytes': 'windowKibibytes',
  'target.site.senderBitsPerSecond': 'senderMegabits',
  'target.host': 'host',
  'target.iperf3Port': 'iperf3Port',
  'target.echoPort': 'echoPort',
  'target.region': 'account',
}

const SAID: Readonly<Partial<Record<keyof ProbeDraft, string>>> = {
  rateMegabits: 'Must be from 1 to 400 000 Mbit/s.',
  mtuBytes: 'Must be a whole number from 1280 to 9000.',
  delayMs: 'Must be from 0 to 1000 ms.',
  lossPercent: 'Must be from 0 to 50 %.',
  flowRateMegabits: 'Must be from 1 to 400 000 Mbit/s, or empty.',
  blackHoleAboveBytes: 'Must be a whole number from 576 to 9000, or empty.',
  windowKibibytes: 'Must be a whole number from 4 to 1 048 576 KiB, or empty.',
  senderMegabits: 'Must be from 1 to 400 000 Mbit/s, or empty.',
  host: 'Must be a host name or an IPv4 address.',
  behind: 'Must be a host name or an IPv4 address.',
  iperf3Port: 'Must be from 1 to 65535.',
  echoPort: 'Must be from 1 to 65535.',
  account: 'Choose a region.',
  parts: 'Choose at least one part.',
  mtuRungs: 'Must be 1 to 16 sizes from 576 to 9216, divided by commas.',
  streams: 'Choose at least one number of streams.',
  seconds: 'Must be a whole number from 1 to 3600.',
  directions: 'Choose at least one direction.',
  sourceFile: 'Must be at most 4096 characters.',
}

const nameOf = ({ kind }: ProbeDraft, path: readonly PropertyKey[]): keyof ProbeDraft => {
  const name = path.slice(0, 3).map(String).join('.')
  if (name === 'target.host' && kind === 'deployment') return 'behind'
  return FIELDS[name] ?? (String(path[0]) as keyof ProbeDraft)
}

export type DraftErrors = Partial<Record<keyof ProbeDraft, string>>

/** The request of a draft, or what is wrong with which field: the very rules by which the engine judges it. Pure. */
export const parseProbeDraft = (
  draft: ProbeDraft,
):
  | { readonly request: ProbeRequest; readonly errors: DraftErrors }
  | { readonly request: null; readonly errors: DraftErrors } => {
  const result = ProbeRequest.safeParse({
    target: targetOf(draft),
    parts: partsFor(draft.kind, draft.parts),
    mtuRungs: draft.mtuRungs.split(',').map((size) => number(size.trim())),
    streams: [...draft.streams],
    seconds: number(draft.seconds),
    directions: [...draft.directions],
    udp: draft.udp,
    sourceFile: draft.sourceFile.trim() === '' ? null : draft.sourceFile.trim(),
    regions: draft.allRegions ? null : [],
  })
  if (result.success) return { request: result.data, errors: {} }
  const errors: DraftErrors = {}
  for (const { path, message } of result.error.issues) {
    const field = nameOf(draft, path)
    errors[field] ??= SAID[field] ?? message
  }
  return { request: null, errors }
}

/** What a request says, apart from its target, as it is typed. */
const measuredIn = (request: Omit<ProbeRequest, 'target'>) => ({
  parts: request.parts,
  mtuRungs: request.mtuRungs.join(', '),
  allRegions: request.regions === null || request.regions.length > 0,
  streams: request.streams,
  seconds: request.seconds,
  directions: request.directions,
  udp: request.udp,
  sourceFile: request.sourceFile ?? '',
})

const FIRST: ProbeDraft = {
  kind: 'lab',
  host: '',
  behind: '',
  iperf3Port: IPERF3_PORT,
  echoPort: ECHO_PORT,
  account: { profile: null, region: null },
  rateMegabits: 200,
  mtuBytes: 1500,
  delayMs: 30,
  lossPercent: 0,
  flowRateMegabits: '',
  blackHoleAboveBytes: '',
  windowKibibytes: '',
  senderMegabits: '',
  ...measuredIn(ProbeRequest.parse({ target: { kind: 'none' } })),
  isBegun: false,
}

/** The draft, kept while the wizard's pages change. */
export const useProbeDraft = create<ProbeDraft>()(() => FIRST)

/** Takes over what the configuration asks of probes, unless somebody has begun to write. */
export const beginWith = (defaults: Omit<ProbeRequest, 'target'>): void =>
  useProbeDraft.setState((draft) => (draft.isBegun ? draft : { ...draft, ...measuredIn(defaults), isBegun: true }))
