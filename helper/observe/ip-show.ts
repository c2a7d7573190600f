import { z } from 'zod'
import { MoleError } from '../../contract/errors.ts'
import { OURS } from '../../domain/ours.ts'
import type { System } from '../system.ts'

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
  dst: Text.optional(),
  dstlen: z.number().optional(),
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
  gateway: Text.optional(),
  dev: Text.optional(),
  nhid: z.number().optional(),
  prefsrc: Text.optional(),
  metric: z.number().optional(),
  protocol: Text.optional(),
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
  readonly ourRoutes: readonly RouteShown[]
}

/** Our table comes last: while nothing was ever put into it the kernel says it does not exist. */
const QUESTIONS = [
  'address show',
  'rule show',
  `nexthop show protocol ${OURS.routeProtocol}`,
  'route show table main',
  `route show table ${OURS.routingTable}`,
]

const failed = (what: string, stderr = ''): MoleError =>
  new MoleError('internal', `The network could not be read: ${what}.`, { field: 'ip' }, { cause: new Error(stderr) })

/** Turns the output, one JSON list a line, into typed lists. Pure. @throws MoleError `internal`. */
export const parseIpShow = (stdout: string): IpShown => {
  const lines = stdout.split('\n').filter((line) => line.trim() !== '')
  const list = <T>(at: number, item: z.ZodType<T>): T[] => {
    const line = lines[at]
    const isLast = at === QUESTIONS.length - 1
    if (isLast && (line === undefined || line === '[')) return []
    const parsed = z.array(item).safeParse(JSON.parse(line ?? 'null'))
    if (!parsed.success) throw failed(`"ip ${QUESTIONS[at]}" answered in an unknown way`, parsed.error.message)
    return parsed.data
  }
  return {
    links: list(0, Link),
    rules: list(1, Rule),
    nexthops: list(2, Nexthop),
    mainRoutes: list(3, Route),
    ourRoutes: list(4, Route),
  }
}

/** Reads links, addresses, rules, next hops and routes with one process. @throws MoleError. */
export const showIp = async ({ runner }: System): Promise<IpShown> => {
  const { stdout, stderr } = await runner.run('ip', ['-json', '-details', '-Numeric', '-force', '-batch', '-'], {
    input: `${QUESTIONS.join('\n')}\n`,
  })
  try {
    return parseIpShow(stdout)
  } catch (error) {
    throw error instanceof MoleError ? error : failed('"ip" did not answer in JSON', stderr)
  }
}
