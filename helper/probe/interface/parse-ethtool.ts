/* What `ethtool(8)` tells everybody of an interface. Its text is older than its JSON, and every version prints it. */

/** Long names of `ethtool -k`, and what people call them. */
const OFFLOADS: Readonly<Record<string, string>> = {
  'generic-receive-offload': 'gro',
  'generic-segmentation-offload': 'gso',
  'tcp-segmentation-offload': 'tso',
  'rx-udp-gro-forwarding': 'rx-udp-gro-forwarding',
  'tx-udp-segmentation': 'tx-udp-segmentation',
}

/** Offloads that are on, of `ethtool -k`; `null` where it tells of none. Pure. */
export const parseOffloads = (stdout: string): string[] | null => {
  const lines = [...stdout.matchAll(/^\s*([a-z0-9_-]+): (on|off)\b/gm)]
  const known = lines.flatMap(([, name = '', state]) => {
    const short = OFFLOADS[name]
    return short === undefined ? [] : [{ short, isOn: state === 'on' }]
  })
  return known.length === 0 ? null : known.flatMap(({ short, isOn }) => (isOn ? [short] : []))
}

/** Receive queues that the hash spreads over, of `ethtool -x`; `null` where the driver does not tell. Pure. */
export const parseRssQueues = (stdout: string): number | null => {
  const rows = [...stdout.matchAll(/^\s*\d+:((?:\s+\d+)+)\s*$/gm)]
  const queues = rows.flatMap(([, row = '']) => row.trim().split(/\s+/))
  if (queues.length > 0) return new Set(queues).size
  // A table of one queue needs no telling.
  return /with 1 RX ring/.test(stdout) ? 1 : null
}

/** The driver, of `ethtool -i`; `null` where there is none. Pure. */
export const parseDriver = (stdout: string): string | null => /^driver: (\S+)$/m.exec(stdout)?.[1] ?? null

/** "6.1" of `ethtool --version`. Pure. */
export const parseEthtoolVersion = (stdout: string): string | null => /version (\S+)/.exec(stdout)?.[1] ?? null

export type Ring = { readonly now: number; readonly most: number }

/** One ring, of `ethtool -g`: "RX" or "TX"; `null` where the card has none. Pure. */
export const parseRing = (stdout: string, side: 'RX' | 'TX'): Ring | null => {
  const [most, now] = [...stdout.matchAll(new RegExp(`^${side}:\\s+([0-9]+)$`, 'gm'))].map((match) => Number(match[1]))
  return most === undefined || now === undefined || most === 0 ? null : { now, most }
}
