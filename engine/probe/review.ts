import type { AppContract } from '../../contract/app.ts'
import type { OutputOf } from '../../contract/define.ts'
import type { ProbeTarget } from '../../domain/probe/request.ts'

export type ProbeReview = OutputOf<AppContract, 'probe.review'>

/** What measuring towards a target makes and costs. */
export const reviewProbe = async (target: ProbeTarget): Promise<ProbeReview> => {
  const free = { resources: [], costUsdPerHour: 0, costNote: 'Nothing is made, and nothing is billed.', warnings: [] }
  if (target.kind === 'lab') {
    const site = {
      kind: 'namespace',
      name: 'probe site',
      detail: 'a host of the local lab, on this machine, gone with the probe',
    }
    return { ...free, resources: [site], costNote: 'The lab is free.' }
  }
  return free
}
