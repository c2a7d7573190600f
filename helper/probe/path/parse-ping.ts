/* What `ping(8)` of iputils says, in the C locale. */

export type PingSaid = {
  /** Round trips in ms, in the order of their arrival. */
  readonly rttsMs: readonly number[]
  /** Largest packets that routers named just now. */
  readonly toldBytes: readonly { readonly saidBy: string; readonly mtuBytes: number }[]
  /** Largest packet this host lets out towards there: its interface's, or what it remembers that the path said. */
  readonly localBytes: number | null
  /** "192.0.2.1: Destination Net Unreachable". */
  readonly unreachable: string | null
}

const ANSWER = /^\d+ bytes from \S+ icmp_seq=\d+ ttl=\d+ time=([0-9.]+) ms$/gm
const TOLD = /^From (\S+) icmp_seq=\d+ Frag needed and DF set \(mtu = (\d+)\)/gm
const LOCAL = /local error: message too long, mtu[=:] ?(\d+)/i
const UNREACHABLE = /^From (\S+) icmp_seq=\d+ (Destination .*|Packet filtered|Time to live exceeded)$/m

/** Reads its two outputs. Pure. */
export const parsePing = (stdout: string, stderr: string): PingSaid => {
  const local = LOCAL.exec(`${stdout}\n${stderr}`)?.[1]
  const unreachable = UNREACHABLE.exec(stdout)
  return {
    rttsMs: [...stdout.matchAll(ANSWER)].map((match) => Number(match[1])),
    toldBytes: [...stdout.matchAll(TOLD)].map((match) => ({ saidBy: match[1] ?? '', mtuBytes: Number(match[2]) })),
    localBytes: local === undefined ? null : Number(local),
    unreachable: unreachable === null ? null : `${unreachable[1]}: ${unreachable[2]}`,
  }
}

/** "iputils 20221126" of `ping -V`; `null` where it does not say. Pure. */
export const parsePingVersion = (stdout: string): string | null => /from (iputils[ -]\S+)/.exec(stdout)?.[1] ?? null
