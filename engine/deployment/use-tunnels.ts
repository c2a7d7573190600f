import type { PathCondition } from '../../contract/helper.ts'
import { bastionOfSlot, type DeploymentPlan, slotsOf } from '../../domain/tunnel-plan.ts'
import type { Activity } from '../activity.ts'
import type { HelperClient } from '../cloud/provider.ts'
import type { FlowsSource } from '../flows/flows.ts'
import { firstServing } from './bastion-record.ts'
import type { Cloud } from './deployment.ts'
import { bastionId } from './identity.ts'
import { noSuchTunnel, nothingUp, unreachable } from './refusals.ts'
import { renderWgQuick, wgQuickFileName } from './render-wg-quick.ts'
import type { StandingTopic } from './standing-topic.ts'

/** What can be done with tunnels that are up. */
export type TunnelUse = {
  breakPath(tunnel: number, state: 'broken' | 'healthy'): Promise<void>
  /** Has the path of a tunnel of the lab lose and delay packets from now on. */
  setCondition(tunnel: number, condition: PathCondition): Promise<void>
  /** The helper and bastion of what is up. @throws MoleError `not-found` when nothing is. */
  carrier(): Promise<{ helper: HelperClient; bastionId: string }>
  /** Connections over what is up, as the helper sees them now. @throws MoleError `not-found` when nothing is. */
  askFlows(): Promise<FlowsSource>
  /** wg-quick files of the tunnels that are up, without keys. @throws MoleError `not-found` when nothing is. */
  exportTunnels(): Promise<{ name: string; text: string }[]>
}

export type TunnelUseEnvironment = {
  readonly standing: StandingTopic
  readonly activity: Activity
  cloudOf(plan: DeploymentPlan): Cloud
}

const inWords = ({ lossRatio, delayMs }: PathCondition): string =>
  `loses ${Number((lossRatio * 100).toFixed(4))} % of its packets and takes ${delayMs} ms longer each way`

export const openTunnelUse = ({ standing, activity, cloudOf }: TunnelUseEnvironment): TunnelUse => {
  const carrier: TunnelUse['carrier'] = async () => {
    const { record } = standing.get()
    if (record === null || record.desired === 'nothing' || record.connectedAtMs === null) throw nothingUp()
    const helper = await cloudOf(record.plan).host.find()
    if (helper === null) throw unreachable()
    return { helper, bastionId: bastionId(record.id, firstServing(record)) }
  }

  /** The helper, and the bastion a tunnel leads to. */
  const endOf = async (tunnel: number): Promise<{ helper: HelperClient; id: string }> => {
    const { record } = standing.get()
    if (record !== null && !slotsOf(record.plan).includes(tunnel)) throw noSuchTunnel(tunnel, slotsOf(record.plan))
    const { helper } = await carrier()
    return { helper, id: bastionId(record?.id ?? '', bastionOfSlot(tunnel)) }
  }

  return {
    carrier,
    askFlows: async () => {
      const { helper } = await carrier()
      const { record } = standing.get()
      if (record === null) throw nothingUp()
      return { seen: await helper.call('flows', {}), plan: record.plan }
    },
    exportTunnels: async () => {
      const { helper } = await carrier()
      const { tunnels } = (await helper.call('inspect', {})).state
      return tunnels.map((tunnel) => ({ name: wgQuickFileName(tunnel), text: renderWgQuick(tunnel, null) }))
    },
    breakPath: async (tunnel, state) => {
      const { helper, id } = await endOf(tunnel)
      const { brokenSlots } = await helper.call('lab.path', { id, slot: tunnel, state })
      const { cloud } = standing.get()
      const bastions = cloud.bastions.map((bastion) => (bastion.id === id ? { ...bastion, brokenSlots } : bastion))
      standing.set({ cloud: { ...cloud, bastions } })
      activity.add(
        'info',
        `path.${state}`,
        `The internet path of tunnel ${tunnel} was ${state === 'broken' ? 'broken' : 'healed'} on request.`,
      )
    },
    setCondition: async (tunnel, condition) => {
      const { helper, id } = await endOf(tunnel)
      await helper.call('lab.condition', { id, slot: tunnel, condition })
      activity.add('info', 'path.condition', `The internet path of tunnel ${tunnel} ${inWords(condition)}, on request.`)
    },
  }
}
