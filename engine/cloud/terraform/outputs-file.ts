import { bastionPort } from '../../../domain/tunnel-plan.ts'
import { type Entry, expression } from './hcl.ts'

const output = (name: string, description: string, value: string): Entry[] => [
  {
    block: 'output',
    labels: [name],
    body: [
      { name: 'description', value: description },
      { name: 'value', value: expression(value) },
    ],
  },
  'gap',
]

/** `outputs.tf`: what came of it. */
export const outputsFile = (): Entry[] => [
  ...output('deployment', 'Id of the deployment.', 'var.deployment'),
  ...output(
    'bastions',
    `Each bastion, and where its tunnels end: UDP ports from ${bastionPort(1)}.`,
    '{ for name, bastion in aws_instance.bastion : name => { instance_id = bastion.id, public_ip = bastion.public_ip, zone = bastion.availability_zone } }',
  ),
  ...output('security_group_id', 'The security group of the bastions.', 'aws_security_group.bastion.id'),
]
