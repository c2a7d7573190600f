import type { AppContract } from '../../contract/app.ts'
import type { OutputOf } from '../../contract/define.ts'
import type { ProbeTarget } from '../../domain/probe/request.ts'
import type { TargetId } from '../../domain/tunnel-plan.ts'
import type { ProbeBastions } from '../cloud/provider.ts'
import { mustProbing, probeBastionOf } from './targets/aws-target.ts'

export type ProbeReview = OutputOf<AppContract, 'probe.review'>

const FREE: ProbeReview = {
  resources: [],
  costUsdPerHour: 0,
  costNote: 'Nothing is made, and nothing is billed.',
  warnings: [],
}

/** What is up in AWS is billed for what it sends, and nobody can say before how much that is. */
const UP_IN_AWS: ProbeReview = {
  ...FREE,
  costNote:
    'Nothing is made for it. What comes back through the tunnels is billed by AWS as data out, like all that what is up sends: the faster and longer the downloads, the more.',
}

const ONE_TUNNEL =
  'Without a host it is measured to the bastion at the end of one tunnel: neither the other tunnels nor the network behind them are seen.'

const SITE = { kind: 'namespace', name: 'probe site', detail: 'a host of the local lab, on this machine' }

/**
 * What measuring towards a target makes and costs. Changes nothing.
 * @param up where what is up is; `null` where nothing is
 */
export const reviewProbe = async (
  target: ProbeTarget,
  bastions: () => ProbeBastions | undefined,
  up: TargetId | null,
): Promise<ProbeReview> => {
  if (target.kind === 'aws') return mustProbing(bastions()).review(probeBastionOf(target, null))
  if (target.kind === 'lab')
    return { ...FREE, resources: [SITE], costNote: 'The lab is free, and gone with the probe.' }
  if (target.kind === 'deployment' && up === 'aws')
    return { ...UP_IN_AWS, warnings: target.host === null ? [ONE_TUNNEL] : [] }
  return FREE
}
