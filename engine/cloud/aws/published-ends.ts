import { GetConsoleOutputCommand } from '@aws-sdk/client-ec2'
import { MoleError } from '../../../contract/errors.ts'
import { type BastionEndpoint, slotsOfBastion } from '../../../domain/tunnel-plan.ts'
import { bootFailure } from '../bastion/boot-failure.ts'
import { parsePublishedKeys } from '../bastion/published-keys.ts'
import type { ObservedBastion } from '../provider.ts'
import type { AwsAccess } from './access.ts'
import { awsCodeOf } from './error-kinds.ts'

/** What an instance has printed; `''` while there is none. `Latest` is what is on the console now, on instances of the Nitro system. */
export const readConsole = async (access: AwsAccess, InstanceId: string): Promise<string> => {
  const read = async (latest: { Latest?: true }): Promise<string> => {
    const { Output = '' } = await access.ask('reading the bastion’s console', ({ ec2 }, options) =>
      ec2.send(new GetConsoleOutputCommand({ InstanceId, ...latest }), options),
    )
    return Buffer.from(Output, 'base64').toString('utf8')
  }
  try {
    return await read({ Latest: true })
  } catch (error) {
    const code = error instanceof MoleError ? awsCodeOf(error.cause) : ''
    if (code === 'InvalidInstanceID.NotFound') return ''
    // Older types: AWS copies the console now and then.
    if (code === 'UnsupportedOperation') return read({})
    throw error
  }
}

const bootFailed = (id: string, text: string): MoleError =>
  bootFailure(
    id,
    text,
    'Try again: another one is launched. A bastion installs packages when it boots, so its subnet must reach the internet.',
  )

/**
 * The ends that a bastion has published on its console; `[]` while it boots.
 * @throws MoleError `not-available` when its boot failed.
 */
export const readPublishedEnds = async (
  access: AwsAccess,
  { id, index, state, publicAddress, machine }: ObservedBastion,
): Promise<BastionEndpoint[]> => {
  if (state === 'failed' || machine === null) throw bootFailed(id, 'the instance was stopped')
  if (publicAddress === '') return []
  const text = await readConsole(access, machine.instanceId)
  const { keys, ready, failedWithCode } = parsePublishedKeys(text, slotsOfBastion(index))
  if (failedWithCode !== null) throw bootFailed(id, text)
  return ready ? keys.map((key): BastionEndpoint => ({ ...key, address: publicAddress })) : []
}
