import { expect, it } from 'vitest'
import { ProbeTarget } from '../../domain/probe/request.ts'
import { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { silentLog } from '../log.ts'
import { recoverLab } from './recover-lab.ts'
import { isLabInUse, type LabGround } from './targets/lab-target.ts'

const planOf = (target: string) =>
  DeploymentPlan.parse({ target, aws: target === 'aws' ? { instanceTypes: ['c6gn.medium'] } : null })

/** What is done to the lab that a killed engine's probe has left, with this deployed. */
const recovered = async (target: string | null): Promise<string[]> => {
  const done: string[] = []
  const sites = [{ probeId: 'probe-20261121-203315-3f9c2a', target: ProbeTarget.parse({ kind: 'lab' }) }]
  const store = {
    probeSites: () => sites,
    forgetProbeSite: () => void done.push('forgotten'),
    deployment: () => (target === null ? null : { plan: planOf(target) }),
  }
  const ground = {
    provider: { host: { remove: async () => void done.push('lab removed') } },
    host: { release: () => undefined, find: async () => ({ call: async (verb: string) => void done.push(verb) }) },
  }
  await recoverLab(
    store as unknown as Parameters<typeof recoverLab>[0],
    () => ground as unknown as LabGround,
    silentLog,
  )
  return done
}

it.each([
  [null, 'lab removed'],
  ['aws', 'lab removed'],
  ['lab', 'lab.close-site'],
])('takes of the lab what nobody else needs: with %s deployed, %s', async (target, done) => {
  expect(await recovered(target)).toEqual([done, 'forgotten'])
})

it.each([
  ['nothing', true, null, null, false],
  ['what is about to be deployed', false, null, null, true],
  ['what is about to be deployed after something else was tried', false, null, 'aws', true],
  ['what is in the lab', false, 'lab-3f9c2a', 'lab', true],
  ['what is in AWS', false, 'aws-3f9c2a', 'aws', false],
])('knows whether the lab is in use: by %s', (_, isIdle, id, target, isInUse) => {
  const view = { id, plan: target === null ? null : planOf(target) }
  const deployment = { isIdle: () => isIdle, views: { current: () => view } }
  expect(isLabInUse(deployment as unknown as Parameters<typeof isLabInUse>[0])).toBe(isInUse)
})
