import { GetParameterCommand } from '@aws-sdk/client-ssm'
import { MoleError } from '../../../contract/errors.ts'
import type { AwsAccess } from './access.ts'

export type Architecture = 'arm64' | 'x86_64'

/** @see https://docs.aws.amazon.com/linux/al2023/ug/ec2.html#launch-via-aws-cli */
export const imageParameter = (architecture: Architecture): string =>
  `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`

/** Id of the newest Amazon Linux 2023 image, as Amazon publishes it in the region. */
export const findImage = async (access: AwsAccess, architecture: Architecture): Promise<string> => {
  const Name = imageParameter(architecture)
  const { Parameter } = await access.ask('looking up the newest Amazon Linux image', ({ ssm }, options) =>
    ssm.send(new GetParameterCommand({ Name }), options),
  )
  if (/^ami-[0-9a-f]+$/.test(Parameter?.Value ?? '')) return Parameter?.Value ?? ''
  throw new MoleError('not-available', `The region ${access.account.region} names no Amazon Linux image.`, {
    field: Name,
    meaning: 'Amazon publishes its newest image under this name; nothing usable is there. Nothing was launched.',
    nextStep: 'Choose another region (aws.region).',
  })
}
