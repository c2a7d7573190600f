import type { Bottleneck } from '../../../domain/probe/analysis.ts'

/** What data pass on their way, from the program here to the far end. */
export const STATIONS = ['program', 'sockets', 'processor', 'interface', 'path', 'far-end'] as const
export type Station = (typeof STATIONS)[number]

type Direction = Bottleneck['direction']

/** Where a limit sits, when this host sends. */
const SENDING: Readonly<Record<Bottleneck['name'], Station | null>> = {
  application: 'program',
  'sender-cpu': 'processor',
  'receiver-cpu': 'far-end',
  'send-buffer': 'sockets',
  interface: 'interface',
  loss: 'path',
  'flow-policing': 'path',
  'path-capacity': 'path',
  'receiver-window': 'far-end',
  'far-end': 'far-end',
  'burst-credit': 'far-end',
  unknown: null,
}

/** Where it sits otherwise, when the far end sends. */
const RECEIVING: Readonly<Partial<Record<Bottleneck['name'], Station>>> = {
  application: 'far-end',
  'sender-cpu': 'far-end',
  'receiver-cpu': 'processor',
  'send-buffer': 'far-end',
  'receiver-window': 'sockets',
}

/** The station at which a limit binds; `null` where that is not known. */
export const stationOf = ({ name, direction }: Pick<Bottleneck, 'name' | 'direction'>): Station | null =>
  (direction === 'download' ? RECEIVING[name] : undefined) ?? SENDING[name]

const SAMPLES = 120
/** Half the width of the bore, where nothing binds and where it does, px. */
const OPEN = 30
const TIGHT = 9
/** How far a narrow place reaches, as a share of the distance of two stations. */
const REACH = 0.2
/** How far flow stays from the wall, px. */
const GAP = 5
const SWING = 7

export type PathPicture = {
  readonly height: number
  /** Outline of the bore. */
  readonly bore: string
  /** What runs in it: it fills the bore up to where it is narrow, and beyond is as thin as that. */
  readonly flow: string
  /** A line along which the flow moves. */
  readonly current: string
  readonly stations: readonly { readonly x: number; readonly y: number; readonly isNarrow: boolean }[]
}

const outline = (upper: readonly [number, number][], lower: readonly [number, number][]): string =>
  `M${[...upper, ...lower.toReversed()].map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`

/** The way of the data as a bore in the ground that is narrow where the limit is. Pure. */
export const drawPath = (width: number, height: number, narrow: Station | null, direction: Direction): PathPicture => {
  const step = width / STATIONS.length
  const xOf = (index: number): number => step * (index + 0.5)
  const at = narrow === null ? null : xOf(STATIONS.indexOf(narrow))
  const yOf = (x: number): number => height / 2 + SWING * Math.sin((2 * Math.PI * x) / (width * 0.62) + 0.6)
  const boreOf = (x: number): number =>
    at === null ? OPEN : OPEN - (OPEN - TIGHT) * Math.exp(-(((x - at) / (step * REACH)) ** 2))
  const isBeyond = (x: number): boolean => at !== null && (direction === 'upload' ? x > at : x < at)
  const flowOf = (x: number): number =>
    isBeyond(x) ? TIGHT - 3 : Math.max(TIGHT - 3, boreOf(x) - (at === null ? 12 : GAP))
  const xs = Array.from({ length: SAMPLES + 1 }, (_, index) => (width * index) / SAMPLES)
  const around = (half: (x: number) => number): string =>
    outline(
      xs.map((x) => [x, yOf(x) - half(x)]),
      xs.map((x) => [x, yOf(x) + half(x)]),
    )
  return {
    height,
    bore: around(boreOf),
    flow: around(flowOf),
    current: `M${xs.map((x) => `${x.toFixed(1)} ${yOf(x).toFixed(1)}`).join('L')}`,
    stations: STATIONS.map((station, index) => ({
      x: xOf(index),
      y: yOf(xOf(index)),
      isNarrow: station === narrow,
    })),
  }
}
