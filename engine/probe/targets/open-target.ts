import type { ProbeTarget } from '../../../domain/probe/request.ts'
import type { Deployment } from '../../deployment/deployment.ts'
import { openDeploymentTarget } from './deployment-target.ts'
import { type LabGround, openLabTarget } from './lab-target.ts'
import type { OpenedTarget, OpenTarget } from './target.ts'

export type TargetGround = {
  readonly lab: LabGround
  readonly deployment: Pick<Deployment, 'record' | 'carrier'>
}

const NOTHING: Omit<OpenedTarget, 'name' | 'host'> = {
  place: 'here',
  iperf3Port: 0,
  echoPort: 0,
  sourceFile: null,
  close: async () => undefined,
}

/** Makes, or finds, what a probe is to measure towards. @throws MoleError */
export const targetOpener = (ground: TargetGround): OpenTarget<ProbeTarget> => {
  const openLab = openLabTarget(ground.lab)
  const openDeployment = openDeploymentTarget(ground.deployment)
  return async (target, about) => {
    switch (target.kind) {
      case 'lab':
        return openLab(target, about)
      case 'deployment':
        return openDeployment(target, about)
      case 'host':
        return { ...NOTHING, ...target, name: target.host }
      case 'none':
        return { ...NOTHING, name: 'this machine and the regions', host: null }
      case 'aws':
        throw new Error('not yet')
    }
  }
}
