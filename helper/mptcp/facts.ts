import { z } from 'zod'
import type { MptcpFacts } from '../../contract/helper.ts'
import { slotOfInterface } from '../../domain/ours.ts'
import type { System } from '../system.ts'

type Facts = z.infer<typeof MptcpFacts>

const Endpoints = z.array(
  z.object({ id: z.number().optional(), dev: z.string().optional(), backup: z.boolean().default(false) }),
)

const SYSCTLS = '/proc/sys/net/mptcp'

/** Lane numbers with an endpoint, as `ip -json mptcp endpoint show` lists them; others' endpoints are left out. Pure. */
export const parseEndpoints = (stdout: string): Facts['endpoints'] => {
  const list = Endpoints.safeParse(stdout.trim() === '' ? [] : JSON.parse(stdout))
  const ours = (list.data ?? []).flatMap(({ dev, backup }) => {
    const tunnel = slotOfInterface(dev ?? '')
    return tunnel === null ? [] : [{ tunnel, backup }]
  })
  return ours.toSorted((a, b) => a.tunnel - b.tunnel)
}

/** `add_addr_accepted 8 subflows 8`, or the same as JSON, by iproute2's version. Pure. */
export const parseSubflowLimit = (stdout: string): number | null => {
  const digits = /subflows"?[ :]+(\d+)/.exec(stdout)?.[1]
  return digits === undefined ? null : Number(digits)
}

const UNAVAILABLE: Facts = {
  available: false,
  schedulers: [],
  scheduler: null,
  pathManager: null,
  endpoints: [],
  subflowLimit: null,
}

const answer = async ({ runner }: System, argv: readonly string[]): Promise<string> => {
  const { stdout, code } = await runner.run('ip', argv)
  return code === 0 ? stdout : ''
}

/** What of Multipath TCP this kernel has and does (`mptcp-sysctl.rst`, `ip-mptcp(8)`). */
export const observeMptcp = async (system: System): Promise<Facts> => {
  const read = (name: string): string | null => system.read(`${SYSCTLS}/${name}`)?.trim() ?? null
  if (read('enabled') !== '1') return UNAVAILABLE
  const [endpoints, limits] = await Promise.all([
    answer(system, ['-json', 'mptcp', 'endpoint', 'show']),
    answer(system, ['mptcp', 'limits', 'show']),
  ])
  const scheduler = read('scheduler')
  return {
    available: true,
    // Kernels before 6.10 have one, and no list.
    schedulers: read('available_schedulers')?.split(/\s+/) ?? (scheduler === null ? ['default'] : [scheduler]),
    scheduler,
    pathManager: read('path_manager') ?? (read('pm_type') === '1' ? 'userspace' : 'kernel'),
    endpoints: parseEndpoints(endpoints),
    subflowLimit: parseSubflowLimit(limits),
  }
}
