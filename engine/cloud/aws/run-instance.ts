import { type _InstanceType, RunInstancesCommand, type RunInstancesCommandInput } from '@aws-sdk/client-ec2'
import { MoleError } from '../../../contract/errors.ts'
import { ASSUMPTIONS } from '../../../domain/planner/conditions.ts'
import { refusePrivateKeys } from '../bastion/boot-script.ts'
import type { BastionRequest } from '../provider.ts'
import type { AwsAccess } from './access.ts'
import { awsCodeOf } from './error-kinds.ts'
import { findImage } from './image.ts'
import { clientToken, type Placement } from './placements.ts'
import { bastionTags, tagSpecifications } from './tags.ts'

export type Launch = {
  readonly request: BastionRequest
  readonly placement: Placement
  readonly imageId: string
  readonly groupId: string
  readonly userData: string
  readonly token: string
}

/** Amazon Linux 2023 has its root there (AL2023 User Guide). */
const ROOT_DEVICE = '/dev/xvda'

/**
 * The request that launches a bastion. Pure.
 * @throws MoleError `denied` when the user data holds what looks like a private key.
 */
export const launchInput = ({
  request,
  placement,
  imageId,
  groupId,
  userData,
  token,
}: Launch): RunInstancesCommandInput => {
  refusePrivateKeys(userData, request.hostPublicKeys)
  const isSpot = request.plan.aws?.market === 'spot'
  const kinds = [
    'instance',
    'volume',
    'network-interface',
    ...(isSpot ? ['spot-instances-request' as const] : []),
  ] as const
  return {
    ClientToken: token,
    MinCount: 1,
    MaxCount: 1,
    ImageId: imageId,
    InstanceType: placement.instanceType as _InstanceType,
    UserData: Buffer.from(userData).toString('base64'),
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        SubnetId: placement.subnetId,
        Groups: [groupId],
        AssociatePublicIpAddress: true,
        DeleteOnTermination: true,
      },
    ],
    BlockDeviceMappings: [
      {
        DeviceName: ROOT_DEVICE,
        Ebs: {
          Encrypted: true,
          VolumeType: 'gp3',
          // The image's own size, so that what is billed is what was shown.
          VolumeSize: ASSUMPTIONS.diskGb.value,
          DeleteOnTermination: true,
        },
      },
    ],
    // No process that is let through can fetch credentials of the instance (it has none) or its user data.
    MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1, HttpEndpoint: 'enabled' },
    InstanceInitiatedShutdownBehavior: 'terminate',
    TagSpecifications: tagSpecifications(kinds, bastionTags(request.id, request.bastionId)),
    ...(isSpot
      ? {
          InstanceMarketOptions: {
            MarketType: 'spot',
            SpotOptions: { SpotInstanceType: 'one-time', InstanceInterruptionBehavior: 'terminate' },
          },
        }
      : {}),
  }
}

/** The token was used for another request: an instance was made with it that we cannot see yet, or no longer want. */
export const isTokenUsed = (error: unknown): boolean =>
  error instanceof MoleError && awsCodeOf(error.cause) === 'IdempotentParameterMismatch'

/** An instance was made with the token, and has ended so long ago that AWS no longer lists it. */
const isTokenSpent = (error: unknown): boolean =>
  error instanceof MoleError && awsCodeOf(error.cause) === 'IdempotentInstanceTerminated'

/** Launches before this one that may have ended unseen. */
const MOST_SPENT = 16

/** Errors that only say that what was just made is not known everywhere yet. */
const PASSING = /^(InvalidGroup\.NotFound|InvalidGroupId\.NotFound|InvalidSecurityGroupID\.NotFound)$/

const unnamed = (): Error =>
  Object.assign(new Error('The answer names no instance.'), { $metadata: { httpStatusCode: 200 } })

const runOnce = async (access: AwsAccess, launch: Launch): Promise<string> => {
  const input = launchInput(launch)
  return access.ask(
    `launching ${launch.request.bastionId} as ${launch.placement.instanceType} in ${launch.placement.zone}`,
    async ({ ec2 }, options) => {
      const { Instances } = await ec2.send(new RunInstancesCommand(input), options)
      const id = Instances?.[0]?.InstanceId
      if (id === undefined) throw unnamed()
      return id
    },
    PASSING,
  )
}

/** Launches once, with the first token that is not spent. */
const runFresh = async (access: AwsAccess, launch: Omit<Launch, 'token'>, tokenOf: () => string): Promise<string> => {
  for (let left = MOST_SPENT; ; left -= 1)
    try {
      return await runOnce(access, { ...launch, token: tokenOf() })
    } catch (error) {
      if (!isTokenSpent(error) || left === 0) throw error
    }
}

const nowhere = (bastionId: string, tried: readonly string[], last: MoleError): MoleError =>
  new MoleError(
    'capacity',
    `AWS has no room for ${bastionId} now.`,
    {
      field: 'aws.instance_types',
      meaning: `Tried, in this order: ${tried.join('; ')}. ${last.data.meaning ?? ''}`,
      nextStep: 'Add instance types (aws.instance_types) or zones (aws.availability_zones), or try again later.',
    },
    { cause: last },
  )

export type Launching = {
  readonly request: BastionRequest
  readonly placements: readonly Placement[]
  readonly groupId: string
  readonly userData: string
  /** Tokens whose instances have ended: asked with one of them again, AWS would only tell of the dead. */
  readonly spentTokens: ReadonlySet<string>
}

/** The tokens that are left to a launch, in order. */
const freshTokens = ({ request, spentTokens }: Launching): (() => string) => {
  let next = 0
  return () => {
    while (spentTokens.has(clientToken(request.bastionId, request.launch, next))) next += 1
    next += 1
    return clientToken(request.bastionId, request.launch, next - 1)
  }
}

/**
 * Launches an instance at the first place that has room. Only the lack of room leads on to the next place: a quota, a
 * permission or expired credentials would stop it everywhere.
 * @returns its id, and the place it got
 * @throws MoleError `capacity` when there is no room anywhere; others as AWS gives them.
 */
export const runInstance = async (
  access: AwsAccess,
  launching: Launching,
  tell: (line: string) => void,
): Promise<string> => {
  const { request, placements, groupId, userData } = launching
  const tokenOf = freshTokens(launching)
  const images = new Map<string, string>()
  const tried: string[] = []
  let last = new MoleError('capacity', 'There is no place to try.')
  for (const placement of placements) {
    const { architecture, instanceType, zone } = placement
    const imageId = images.get(architecture) ?? (await findImage(access, architecture))
    images.set(architecture, imageId)
    try {
      const id = await runFresh(access, { request, placement, imageId, groupId, userData }, tokenOf)
      tell(`${request.bastionId}: ${id}, ${instanceType} in ${zone}, ${imageId}`)
      return id
    } catch (error) {
      if (!(error instanceof MoleError) || error.code !== 'capacity') throw error
      last = error
      tried.push(`${instanceType} in ${zone}`)
      tell(`${request.bastionId}: no ${instanceType} to be had in ${zone} (${awsCodeOf(error.cause)})`)
    }
  }
  throw nowhere(request.bastionId, tried, last)
}
