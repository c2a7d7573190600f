import type { z } from 'zod'
import type { MptcpFacts } from '../../contract/helper.ts'
import { type MptcpStrategy, REDUNDANT_SCHEDULERS } from '../../domain/carriage.ts'

type Facts = z.infer<typeof MptcpFacts>

const listOf = (tunnels: readonly number[]): string => tunnels.map((tunnel) => `mole${tunnel}`).join(', ')

const scheduling = ({ scheduler }: Facts): string =>
  scheduler === null || scheduler === 'default'
    ? 'The kernel’s default scheduler: each piece goes to the subflow that, going by its round trip and queue, delivers it first'
    : `The kernel’s scheduler “${scheduler}”`

const backups = ({ endpoints }: Facts): string => {
  const spare = endpoints.filter(({ backup }) => backup).map(({ tunnel }) => tunnel)
  return spare.length === 0 ? 'none is held back now' : `held back now: ${listOf(spare)}`
}

const inWords: Readonly<Record<MptcpStrategy, (facts: Facts) => string>> = {
  roundrobin: (facts) =>
    `${scheduling(facts)}, with a subflow on each of ${facts.endpoints.length} tunnels. Taking turns packet by packet was slower wherever it was measured.`,
  redundant: (facts) =>
    REDUNDANT_SCHEDULERS.includes(facts.scheduler ?? '')
      ? `${scheduling(facts)}: everything is sent over more than one tunnel.`
      : `This kernel cannot send everything twice. ${scheduling(facts)}; what a dead tunnel had under way is sent again over the others.`,
  adaptive: (facts) =>
    `${scheduling(facts)}; tunnels that lose packets or are much slower than the best are backups, used only when no other is left (${backups(facts)}).`,
}

/** What comes of a strategy on this host, in words. Pure. */
export const strategyInWords = (asked: MptcpStrategy, facts: Facts): string => {
  if (!facts.available)
    return 'None: this kernel has no Multipath TCP, or it is switched off. Connections are ordinary TCP.'
  if (facts.pathManager === 'userspace')
    return 'None: another program has taken the management of paths over (net.mptcp.pm_type), and no subflows are made.'
  if (facts.endpoints.length === 0) return 'None yet: no tunnel has an endpoint.'
  return inWords[asked](facts)
}
