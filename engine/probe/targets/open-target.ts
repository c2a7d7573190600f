import type { ProbeTarget } from '../../../domain/probe/request.ts'
import type { ProbeBastions } from '../../cloud/provider.ts'
import type { Deployment } from '../../deployment/deployment.ts'
import { awsTarget } from './aws-target.ts'
import { openDeploymentTarget } from './deployment-target.ts'
import { isLabInUse, type LabGround, labTarget } from './lab-target.ts'
import { localAddress } from './local-address.ts'
import type { OpenedTarget, TargetMaker } from './target.ts'

export type TargetGround = {
  lab(): LabGround
  readonly deployment: Pick<Deployment, 'record' | 'carrier' | 'isIdle' | 'views'>
  bastions(): ProbeBastions | undefined
}

const NOTHING: Omit<OpenedTarget, 'name' | 'host'> = {
  place: 'here',
  iperf3Port: 0,
  echoPort: 0,
  sourceFile: null,
  endpoints: [],
  hostAddress: null,
  region: null,
}

/** Whether something is made for such a target, that is to be taken away again. Pure. */
export const isMade = ({ kind }: ProbeTarget): boolean => kind === 'lab' || kind === 'aws'

/** Makes, or finds, what a probe is to measure towards. */
export const targetMaker = ({ lab, deployment, bastions }: TargetGround): TargetMaker<ProbeTarget> => {
  const site = labTarget(lab, () => isLabInUse(deployment))
  const bastion = awsTarget(bastions)
  const openDeployment = openDeploymentTarget(deployment)
  return {
    open: async (target, context) => {
      switch (target.kind) {
        case 'lab':
          return site.open(target, context)
        case 'aws':
          return bastion.open(target, context)
        case 'deployment':
          return openDeployment(target, context)
        case 'host':
          return {
            ...NOTHING,
            name: target.host,
            host: target.host,
            iperf3Port: target.iperf3Port,
            echoPort: target.echoPort,
            endpoints: [target.host],
            hostAddress: await localAddress(target.host, context.signal),
          }
        case 'none':
          return { ...NOTHING, name: 'this machine and the regions', host: null }
      }
    },
    remove: async (target, context) => {
      if (target.kind === 'lab') await site.remove(target, context)
      if (target.kind === 'aws') await bastion.remove(target, context)
    },
  }
}
