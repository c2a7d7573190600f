import type { AwsVpc } from '../../../contract/app.ts'

export type Subnet = AwsVpc['subnets'][number]

/** Why no bastion can be launched in a subnet; `null` when one can. */
export const subnetProblem = ({ isPublic, freeAddresses }: Subnet): string | null => {
  if (!isPublic) return 'Private: no route to an internet gateway, so a bastion could not be reached'
  return freeAddresses < 1 ? 'Full: it has no free address' : null
}
