import { MoleError } from '../../../contract/errors.ts'
import type { ProbeTarget } from '../../../domain/probe/request.ts'
import type { Deployment } from '../../deployment/deployment.ts'
import { measuredEnds } from '../../optimize/measure-bastions.ts'
import { endsOf } from '../../store/deployment-table.ts'
import { localAddress } from './local-address.ts'
import type { OpenTarget } from './target.ts'

type Asked = Extract<ProbeTarget, { kind: 'deployment' }>

const nothingBehind = (): MoleError =>
  new MoleError('not-found', 'There is no known host behind the tunnels.', {
    field: 'host',
    meaning: 'Nothing was measured.',
    nextStep: 'Name a host of the private network on which iperf3 runs: "mole probe --deployment HOST".',
  })

type FarEnd = { readonly host: string; readonly name: string }

/** The lab's research resource; in AWS the bastion at the end of a tunnel, where iperf3 serves that tunnel alone. */
const farEnd = async (deployment: Pick<Deployment, 'record' | 'carrier'>, signal: AbortSignal): Promise<FarEnd> => {
  const record = deployment.record()
  if (record.plan.target === 'lab') {
    const { helper, bastionId } = await deployment.carrier()
    const { bastions } = await helper.call('lab.list', {}, { signal })
    const found = bastions.find(({ id }) => id === bastionId)
    if (found === undefined) throw nothingBehind()
    return { host: found.resourceAddress, name: `${found.resourceAddress}, through the tunnels` }
  }
  const [end] = measuredEnds(record)
  if (end === undefined) throw nothingBehind()
  return { host: end.bastion, name: `${end.bastion}, the bastion at the end of one tunnel` }
}

/** What is up, through its tunnels. */
export const openDeploymentTarget =
  (deployment: Pick<Deployment, 'record' | 'carrier'>): OpenTarget<Asked> =>
  async ({ host: named, iperf3Port, echoPort }, { signal }) => {
    const { plan } = deployment.record()
    const endpoints = [...new Set(endsOf(deployment.record()).map(({ address }) => address))]
    const { host, name } =
      named === null ? await farEnd(deployment, signal) : { host: named, name: `${named}, through the tunnels` }
    return {
      name,
      place: plan.target === 'lab' ? 'lab' : 'here',
      host,
      iperf3Port,
      echoPort,
      sourceFile: null,
      endpoints: plan.target === 'lab' ? [] : endpoints,
      hostAddress: plan.target === 'lab' ? null : await localAddress(endpoints[0] ?? host, signal),
      region: plan.aws?.region ?? null,
    }
  }
