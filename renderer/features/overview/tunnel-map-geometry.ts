/** Where the things of the tunnel map are, in pixels. Pure. */

export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
type Point = { readonly x: number; readonly y: number }
export type TunnelLine = { readonly slot: number; readonly path: string; readonly middle: Point }
export type BastionPlace = {
  readonly id: string
  readonly box: Box
  /** Towards the private network. */
  readonly link: string
  /** From the DTN, where no tunnel leads there. */
  readonly absence: string
  /** Where the label of its bundle is. */
  readonly middle: Point
}
export type MapGeometry = {
  readonly height: number
  readonly host: Box
  readonly bastions: readonly BastionPlace[]
  readonly subnet: Box
  readonly tunnels: readonly TunnelLine[]
  /** Each tunnel has room for a label of its own; otherwise each bastion has one for all of its tunnels. */
  readonly isLabelled: boolean
  /** Width of a tunnel's bore: narrower where many leave by one side. */
  readonly bore: number
}

/** The map is never lower, so that it keeps its size as long as everything fits. */
export const LEAST_HEIGHT = 268
const MARGIN = 14
const NODE_HEIGHT = 74
/** Of a bastion where there are more than this many. */
const MANY_BASTIONS = 3
const LOW_NODE_HEIGHT = 46
/** Tunnels leave and enter a node within this much of its side. */
const MOUTH = 46
const WIDEST_GAP = 60
export const WIDEST_BORE = 18
const NARROWEST_BORE = 6
/** How far apart tunnels want to leave the DTN, which is as high as that takes. */
const LEAVING_GAP = 8
/** Of a label, with its frame. */
export const LABEL = { width: 142, height: 20 } as const
/** Most tunnels that get a label each. */
const MOST_LABELS = 16
const LABELLED_ROW = 24
const BUNDLED_ROW = 5

const nodeWidth = (width: number): number => (width < 520 ? 74 : width < 700 ? 104 : 128)

const centred = (x: number, centreY: number, width: number, height = NODE_HEIGHT): Box => ({
  x,
  y: centreY - height / 2,
  width,
  height,
})

const round = (value: number): number => Math.round(value * 10) / 10

/** A burrow: out of one mouth, level in the middle at `levelY`, into the other mouth. */
const burrow = (from: Point, to: Point, levelY: number): { path: string; middle: Point } => {
  const middle = { x: round((from.x + to.x) / 2), y: round(levelY) }
  const bend = (to.x - from.x) * 0.2
  const flat = (to.x - from.x) * 0.32
  const path = [
    `M${round(from.x)} ${round(from.y)}`,
    `C${round(from.x + bend)} ${round(from.y)} ${round(middle.x - flat)} ${middle.y} ${middle.x} ${middle.y}`,
    `S${round(to.x - bend)} ${round(to.y)} ${round(to.x)} ${round(to.y)}`,
  ].join('')
  return { path, middle }
}

/** `count` places around `centre`, `gap` apart. */
const spread = (count: number, centre: number, gap: number): number[] =>
  Array.from({ length: count }, (_, index) => centre + (index - (count - 1) / 2) * gap)

export type MapTunnel = { readonly slot: number; readonly bastionId: string }

type Band = {
  readonly id: string
  readonly mates: readonly MapTunnel[]
  readonly centre: number
  readonly room: number
}

/** A band for each bastion, one above the other: as high as its node and its tunnels need; what is spare is shared out. */
const bandsOf = (
  ids: readonly string[],
  tunnels: readonly MapTunnel[],
  row: number,
  node: number,
): { readonly bands: readonly Band[]; readonly height: number } => {
  const groups = ids.map((id) => {
    const mates = tunnels.filter(({ bastionId }) => bastionId === id)
    return { id, mates, room: Math.max(node + MARGIN, mates.length * row) }
  })
  const sum = groups.reduce((total, { room }) => total + room, 0)
  const height = Math.max(LEAST_HEIGHT, sum + 2 * MARGIN)
  const spare = (height - 2 * MARGIN - sum) / Math.max(1, groups.length)
  const tops = groups.map((_, at) => groups.slice(0, at).reduce((total, { room }) => total + room + spare, MARGIN))
  const bands = groups.map(({ id, mates, room }, at) => ({
    id,
    mates,
    room: room + spare,
    centre: (tops[at] as number) + (room + spare) / 2,
  }))
  return { bands, height }
}

/** Lays out the DTN at the left, bastions right of the middle and the private subnet at the right edge. */
export const layOutMap = (width: number, bastionIds: readonly string[], tunnels: readonly MapTunnel[]): MapGeometry => {
  const isLabelled = tunnels.length <= MOST_LABELS
  const row = isLabelled ? LABELLED_ROW : BUNDLED_ROW
  const low = bastionIds.length > MANY_BASTIONS ? LOW_NODE_HEIGHT : NODE_HEIGHT
  const { bands, height } = bandsOf(bastionIds, tunnels, row, low)
  const node = nodeWidth(width)
  const centre = height / 2
  const count = bands.reduce((total, { mates }) => total + Math.max(1, mates.length), 0)
  const mouth = isLabelled ? Math.max(MOUTH, (count - 1) * LEAVING_GAP) : MOUTH
  const host = centred(MARGIN, centre, node, mouth + NODE_HEIGHT - MOUTH)
  const subnet = centred(width - MARGIN - node, centre, node)
  const bastionX = subnet.x - node - Math.max(34, width * 0.07)
  const doors = spread(bands.length, centre, MOUTH / Math.max(1, bands.length - 1))
  const leavingGap = mouth / Math.max(1, count - 1)
  const leaving = spread(count, centre, leavingGap)[Symbol.iterator]()
  const bore = Math.min(WIDEST_BORE, Math.max(NARROWEST_BORE, leavingGap * 1.5))
  const lines: TunnelLine[] = []
  const bastions = bands.map(({ id, mates, centre: y, room }, at) => {
    const box = centred(bastionX, y, node, low)
    const dig = (level: number, mouth: number) =>
      burrow({ x: host.x + host.width, y: leaving.next().value ?? centre }, { x: box.x, y: mouth }, level)
    const widest = isLabelled ? WIDEST_GAP : BUNDLED_ROW * 2
    const levels = spread(mates.length, y, Math.min(widest, room / Math.max(1, mates.length)))
    const mouths = spread(mates.length, y, Math.min(MOUTH, low - 16) / Math.max(1, mates.length - 1))
    mates.forEach(({ slot }, index) => {
      lines.push({ slot, ...dig(levels[index] as number, mouths[index] as number) })
    })
    const absence = mates.length === 0 ? dig(y, y) : { path: '', middle: { x: (host.x + node + box.x) / 2, y } }
    const link = `M${round(box.x + node)} ${round(y)}L${round(subnet.x)} ${round(doors[at] as number)}`
    return { id, box, link, absence: absence.path, middle: absence.middle }
  })
  return { height, host, subnet, bastions, tunnels: lines, isLabelled, bore }
}

const THINNEST = 1.5
const WIDEST = 10

/** Width of the flow in a tunnel: by the square root, so that a tenth of the capacity is still to be seen. */
export const flowWidth = (bitsPerSecond: number, capacityBitsPerSecond: number): number => {
  const share = Math.min(1, Math.max(0, bitsPerSecond / capacityBitsPerSecond))
  return bitsPerSecond < 1000 ? THINNEST : round(THINNEST + (WIDEST - THINNEST) * Math.sqrt(share))
}
