import { MoleError } from '../../../contract/errors.ts'
import { ECHO_PORT, IPERF3_PORT, type ProbeTarget } from '../../../domain/probe/request.ts'
import type { ProbeBastion, ProbeBastions } from '../../cloud/provider.ts'
import type { TargetMaker } from './target.ts'

type Asked = Extract<ProbeTarget, { kind: 'aws' }>

/** What the review of no probe is about. */
const NOBODYS = 'aws-probe000000'

/** All that belongs to a probe's bastion carries this as its tag: as of a deployment, so that sweeping finds it. Pure. */
export const tagOf = (probeId: string): string => `aws-probe${probeId.slice(-6)}`

/** The bastion that a target asks for. Pure. */
export const probeBastionOf = (
  { profile, region, instanceType, allowedCidr }: Asked,
  probeId: string | null,
): ProbeBastion => ({
  id: probeId === null ? NOBODYS : tagOf(probeId),
  profile,
  region,
  instanceType,
  allowedCidr,
})

/** @throws MoleError `not-available` where there is no AWS. */
export const mustProbing = (bastions: ProbeBastions | undefined): ProbeBastions => {
  if (bastions !== undefined) return bastions
  throw new MoleError('not-available', 'This cloud makes no bastions for probes.', {
    field: 'target',
    nextStep: 'See "mole doctor".',
  })
}

/** A short-lived bastion in AWS. */
export const awsTarget = (bastions: () => ProbeBastions | undefined): TargetMaker<Asked> => ({
  open: async (asked, { id, tell, signal }) => {
    const bastion = probeBastionOf(asked, id)
    tell(`Making a probe bastion in ${asked.region}`)
    const { address, callerCidr } = await mustProbing(bastions()).open(bastion, tell, signal)
    return {
      name: `a probe bastion in ${asked.region}, ${address}`,
      place: 'here',
      host: address,
      iperf3Port: IPERF3_PORT,
      echoPort: ECHO_PORT,
      sourceFile: null,
      endpoints: [address],
      // Of a larger network nobody knows which of its addresses this host has.
      hostAddress: callerCidr.endsWith('/32') ? callerCidr.slice(0, -'/32'.length) : null,
      region: asked.region,
    }
  },
  remove: (asked, { id, tell, signal }) => mustProbing(bastions()).remove(probeBastionOf(asked, id), tell, signal),
})
