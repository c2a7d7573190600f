import { MoleError } from '../../../contract/errors.ts'
import { bastionCommonAddress, parseNetwork } from '../../../domain/addressing.ts'
import type { ProbeTarget } from '../../../domain/probe/request.ts'
import type { Deployment } from '../../deployment/deployment.ts'
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

/** The lab's research resource, or the first bastion's own address inside the tunnels. */
const farEnd = async (deployment: Pick<Deployment, 'record' | 'carrier'>, signal: AbortSignal): Promise<string> => {
  const { plan } = deployment.record()
  if (plan.target === 'lab') {
    const { helper, bastionId } = await deployment.carrier()
    const { bastions } = await helper.call('lab.list', {}, { signal })
    const found = bastions.find(({ id }) => id === bastionId)
    if (found === undefined) throw nothingBehind()
    return found.resourceAddress
  }
  const base = parseNetwork(plan.baseCidr)
  if (base === null) throw nothingBehind()
  return bastionCommonAddress(base, 1)
}

/** What is up, through its tunnels. */
export const openDeploymentTarget =
  (deployment: Pick<Deployment, 'record' | 'carrier'>): OpenTarget<Asked> =>
  async ({ host: named, iperf3Port, echoPort }, { signal }) => {
    const { plan } = deployment.record()
    const endpoints = [...new Set(endsOf(deployment.record()).map(({ address }) => address))]
    const host = named ?? (await farEnd(deployment, signal))
    return {
      name: `${host}, through the tunnels`,
      place: plan.target === 'lab' ? 'lab' : 'here',
      host,
      iperf3Port,
      echoPort,
      sourceFile: null,
      endpoints: plan.target === 'lab' ? [] : endpoints,
      hostAddress: plan.target === 'lab' ? null : await localAddress(endpoints[0] ?? host),
      region: plan.aws?.region ?? null,
    }
  }
