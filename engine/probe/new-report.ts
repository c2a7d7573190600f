import { randomBytes } from 'node:crypto'
import type { ProbeReport } from '../../domain/probe/report.ts'
import type { ProbePart, ProbeRequest } from '../../domain/probe/request.ts'

/** A new probe's id, such as `probe-20261121-203315-3f9c2a` (UTC). */
export const newProbeId = (atMs: number): string => {
  const digits = new Date(atMs).toISOString().replaceAll(/[^0-9]/g, '')
  return `probe-${digits.slice(0, 8)}-${digits.slice(8, 14)}-${randomBytes(3).toString('hex')}`
}

/** What a target is called before it is there. */
const nameOfTarget = ({ target }: ProbeRequest): string => {
  switch (target.kind) {
    case 'lab':
      return 'the lab’s probe site'
    case 'host':
      return target.host
    case 'deployment':
      return target.host === null ? 'the far end of the tunnels' : `${target.host}, through the tunnels`
    case 'aws':
      return `a probe bastion in ${target.region}`
    case 'none':
      return 'this machine and the regions'
  }
}

/** Whether there is anything to measure for a part. */
const isWanted = (name: ProbePart, { parts, target, regions }: ProbeRequest): boolean => {
  if (!parts.includes(name)) return false
  if (target.kind !== 'none' || name === 'interface') return true
  return name === 'latency' && regions?.length !== 0
}

const emptyPart = (name: ProbePart, request: ProbeRequest) => ({
  state: isWanted(name, request) ? ('waiting' as const) : ('left-out' as const),
  startedAtMs: null,
  endedAtMs: null,
  doing: '',
  progressRatio: 0,
  problem: null,
  result: null,
})

/** A probe that has not found anything yet. */
export const newReport = (
  request: ProbeRequest,
  about: Pick<ProbeReport, 'id' | 'startedAtMs' | 'moleVersion' | 'hostName'>,
): ProbeReport => ({
  version: 1,
  ...about,
  state: 'running',
  endedAtMs: null,
  request,
  targetName: nameOfTarget(request),
  interface: emptyPart('interface', request),
  mtu: emptyPart('mtu', request),
  latency: emptyPart('latency', request),
  bandwidth: emptyPart('bandwidth', request),
  analysis: null,
  recommendation: null,
  firewall: [],
  problem: null,
})
