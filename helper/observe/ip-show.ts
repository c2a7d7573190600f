import { z } from 'zod'
import { MoleError } from '../../contract/errors.ts'
import { OURS } from '../../domain/ours.ts'
import type { System } from '../system.ts'
import type { MptcpFacts } from './facts.ts'
import { EndpointShown, parseLimits, readMptcp } from './mptcp.ts'

/* What `ip -json -details -Numeric` says, as far as it is needed: other keys come and go with iproute2's version. */

const Text = z.string()
const Link = z.object({
  ifname: Text,
  flags: z.array(Text).default([]),
  mtu: z.number(),
  linkinfo: z.object({ info_kind: Text.optional() }).optional(),
  addr_info: z
    .array(z.object({ family: Text, local: Text.optional(), prefixlen: z.number().optional(), label: Text.optional() }))
    .default([]),
})
const Rule = z.object({
  priority: z.number(),
  src: Text.optional(),
  srclen: z.number().optional(),
  dst: Text.optional(),
  dstlen: z.number().optional(),
  fwmark: Text.optional(),
  fwmask: Text.optional(),
  table: Text.optional(),
  protocol: Text.optional(),
})
const Nexthop = z.object({
  id: z.number(),
  dev: Text.optional(),
  group: z.array(z.object({ id: z.number() })).optional(),
})
const Route = z.object({
  type: Text.optional(),
  dst: Text,
  table: Text.optional(),
  gateway: Text.optional(),
  dev: Text.optional(),
  nhid: z.number().optional(),
  prefsrc: Text.optional(),
  metric: z.number().optional(),
  protocol: Text.optional(),
  metrics: z.array(z.object({ congestion: Text.optional() })).optional(),
})
export type LinkShown = z.infer<typeof Link>
export type RuleShown = z.infer<typeof Rule>
export type NexthopShown = z.infer<typeof Nexthop>
export type RouteShown = z.infer<typeof Route>

export type IpShown = {
  readonly links: readonly LinkShown[]
  readonly rules: readonly RuleShown[]
  readonly nexthops: readonly NexthopShown[]
  readonly mainRoutes: readonly RouteShown[]
  /** Routes with our protocol, whatever their table. What is the same for all, `ip` leaves out. */
  readonly labelledRoutes: readonly RouteShown[]
  /** `null`: not asked for. */
  readonly mptcp: MptcpFacts | null
  /** Our table, whatever is in it. */
  readonly ourRoutes: readonly RouteShown[]
}

/**
 * Each answers with one line. Our table comes last: while nothing was ever put into it the kernel says it does not exist.
 */
const questions = (hasMptcp: boolean): string[] => [
  'address show',
  'rule show',
  `nexthop show protocol ${OURS.routeProtocol}`,
  'route show table main',
  `route show table all protocol ${OURS.routeProtocol}`,
  ...(hasMptcp ? ['mptcp endpoint show', 'mptcp limits show'] : []),
  `route show table ${OURS.routingTable}`,
]

const failed = (what: string, stderr = ''): MoleError =>
  new MoleError('internal', `The network could not be read: ${what}.`, { field: 'ip' }, { cause: new Error(stderr) })

const listOf = <T>(question: string, line: string | undefined, item: z.ZodType<T>): T[] => {
  const parsed = z.array(item).safeParse(JSON.parse(line ?? 'null'))
  if (!parsed.success) throw failed(`"ip ${question}" answered in an unknown way`, parsed.error.message)
  return parsed.data
}

/** Turns the output, one answer a line, into typed lists. Pure. @throws MoleError `internal`. */
export const parseIpShow = (stdout: string, hasMptcp: boolean): IpShown => {
  const lines = stdout.split('\n').filter((line) => line.trim() !== '')
  const asked = questions(hasMptcp)
  const list = <T>(at: number, item: z.ZodType<T>): T[] => listOf(asked[at] ?? '', lines[at], item)
  const last = lines[asked.length - 1]
  return {
    links: list(0, Link),
    rules: list(1, Rule),
    nexthops: list(2, Nexthop),
    mainRoutes: list(3, Route),
    labelledRoutes: list(4, Route),
    mptcp: hasMptcp ? readMptcp(list(5, EndpointShown), parseLimits(lines[6] ?? '')) : null,
    ourRoutes: last === undefined || last === '[' ? [] : listOf(asked.at(-1) ?? '', last, Route),
  }
}

/** Reads links, addresses, rules, next hops and routes. @throws MoleError. */
export const showIp = async ({ askIp, read }: System): Promise<IpShown> => {
  const hasMptcp = read('/proc/sys/net/mptcp/enabled') !== null
  const { stdout, stderr } = await askIp.ask(questions(hasMptcp))
  try {
    return parseIpShow(stdout, hasMptcp)
  } catch (error) {
    throw error instanceof MoleError ? error : failed('"ip" did not answer as it should', stderr)
  }
}
