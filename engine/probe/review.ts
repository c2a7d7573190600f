import type { AppContract } from '../../contract/app.ts'
import type { OutputOf } from '../../contract/define.ts'
import type { ProbeTarget } from '../../domain/probe/request.ts'
import type { ProbeBastions } from '../cloud/provider.ts'
import { mustProbing, probeBastionOf } from './targets/aws-target.ts'

export type ProbeReview = OutputOf<AppContract, 'probe.review'>

const FREE: ProbeReview = {
  resources: [],
  costUsdPerHour: 0,
  costNote: 'Nothing is made, and nothing is billed.',
  warnings: [],
}

const SITE = { kind: 'namespace', name: 'probe site', detail: 'a host of the local lab, on this machine' }

/** What measuring towards a target makes and costs. Changes nothing. */
export const reviewProbe = async (
  target: ProbeTarget,
  bastions: () => ProbeBastions | undefined,
): Promise<ProbeReview> => {
  if (target.kind === 'aws') return mustProbing(bastions()).review(probeBastionOf(target, null))
  if (target.kind === 'lab')
    return { ...FREE, resources: [SITE], costNote: 'The lab is free, and gone with the probe.' }
  return FREE
}
