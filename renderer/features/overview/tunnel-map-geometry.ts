/** Where the things of the tunnel map are, in pixels. Pure. */

export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
type Point = { readonly x: number; readonly y: number }
export type TunnelLine = { readonly slot: number; readonly path: string; readonly middle: Point }
export type BastionPlace = { readonly id: string; readonly box: Box; readonly link: string }
export type MapGeometry = {
  readonly host: Box
  readonly bastions: readonly BastionPlace[]
  readonly subnet: Box
  readonly tunnels: readonly TunnelLine[]
}

export const MAP_HEIGHT = 268
const MARGIN = 14
const NODE_HEIGHT = 74
/** Tunnels leave and enter a node within this much of its side. */
const MOUTH = 46
const WIDEST_GAP = 60

const nodeWidth = (width: number): number => (width < 520 ? 74 : width < 700 ? 104 : 128)

const centred = (x: number, centreY: number, width: number): Box => ({
  x,
  y: centreY - NODE_HEIGHT / 2,
  width,
  height: NODE_HEIGHT,
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

/** Lays out the DTN at the left, bastions right of the middle and the private subnet at the right edge. */
export const layOutMap = (width: number, bastionIds: readonly string[], tunnels: readonly MapTunnel[]): MapGeometry => {
  const node = nodeWidth(width)
  const centre = MAP_HEIGHT / 2
  const host = centred(MARGIN, centre, node)
  const subnet = centred(width - MARGIN - node, centre, node)
  const bastionX = subnet.x - node - Math.max(34, width * 0.07)
  const bastionYs = spread(bastionIds.length, centre, Math.min(NODE_HEIGHT + 26, (MAP_HEIGHT - NODE_HEIGHT) / 2))
  const bastions = bastionIds.map((id, index) => {
    const box = centred(bastionX, bastionYs[index] as number, node)
    const y = box.y + NODE_HEIGHT / 2
    return { id, box, link: `M${round(box.x + node)} ${round(y)}L${round(subnet.x)} ${centre}` }
  })
  const count = tunnels.length
  const levels = spread(count, centre, Math.min(WIDEST_GAP, (MAP_HEIGHT - 44) / Math.max(1, count - 1)))
  const leaving = spread(count, centre, MOUTH / Math.max(1, count - 1))
  return {
    host,
    subnet,
    bastions,
    tunnels: tunnels.map(({ slot, bastionId }, index) => {
      const mates = tunnels.filter((tunnel) => tunnel.bastionId === bastionId)
      const bastion = bastions.find(({ id }) => id === bastionId)?.box ?? centred(bastionX, centre, node)
      const entering = spread(mates.length, bastion.y + NODE_HEIGHT / 2, MOUTH / Math.max(1, mates.length - 1))
      const place = mates.findIndex((tunnel) => tunnel.slot === slot)
      const from = { x: host.x + host.width, y: leaving[index] as number }
      const to = { x: bastion.x, y: entering[place] ?? bastion.y }
      return { slot, ...burrow(from, to, levels[index] as number) }
    }),
  }
}

const THINNEST = 1.5
const WIDEST = 10

/** Width of the flow in a tunnel: by the square root, so that a tenth of the capacity is still to be seen. */
export const flowWidth = (bitsPerSecond: number, capacityBitsPerSecond: number): number => {
  const share = Math.min(1, Math.max(0, bitsPerSecond / capacityBitsPerSecond))
  return bitsPerSecond < 1000 ? THINNEST : round(THINNEST + (WIDEST - THINNEST) * Math.sqrt(share))
}
