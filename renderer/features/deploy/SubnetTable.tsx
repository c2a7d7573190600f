import { Checkbox } from '@mantine/core'
import type { AwsVpc } from '../../../contract/app.ts'
import { ScrollRegion } from '../../ui/ScrollRegion.tsx'
import { setAwsDraft, usePlanDraft } from './plan-draft.ts'
import css from './SubnetTable.module.css'
import { type Subnet, subnetProblem } from './subnet-problem.ts'

const nameOf = ({ id, name }: Subnet): string => (name === '' ? id : name)

const Row = ({ subnet }: { readonly subnet: Subnet }) => {
  const chosen = usePlanDraft(({ aws }) => aws.subnetIds)
  const problem = subnetProblem(subnet)
  const toggle = (isOn: boolean): void =>
    setAwsDraft({ subnetIds: isOn ? [...chosen, subnet.id] : chosen.filter((id) => id !== subnet.id) })
  return (
    <tr data-usable={problem === null}>
      <th scope="row">
        <Checkbox
          size="xs"
          label={nameOf(subnet)}
          checked={chosen.includes(subnet.id)}
          disabled={problem !== null}
          onChange={({ currentTarget }) => toggle(currentTarget.checked)}
        />
      </th>
      <td>{subnet.zone}</td>
      <td className="mono">{subnet.cidr}</td>
      <td className={css.number}>{subnet.freeAddresses}</td>
      <td className={css.why}>{problem ?? 'Public'}</td>
    </tr>
  )
}

const saying = (vpc: AwsVpc, chosen: number): string => {
  const usable = vpc.subnets.filter((subnet) => subnetProblem(subnet) === null)
  if (usable.length === 0)
    return 'None of these can hold a bastion. Give a subnet a route to an internet gateway, or choose another VPC.'
  if (chosen > 0) return 'The bastions are spread over the subnets chosen, in this order.'
  const zones = new Set(usable.map(({ zone }) => zone)).size
  return `None chosen: one public subnet of each zone is taken (${zones === 1 ? 'there is one zone' : `there are ${zones} zones`}).`
}

/** The VPC's subnets; only those can be chosen that a bastion can be reached in, and the others say why not. */
export const SubnetTable = ({ vpc }: { readonly vpc: AwsVpc }) => {
  const chosen = usePlanDraft(({ aws }) => aws.subnetIds)
  return (
    <div>
      <p className={css.title}>Subnets for the bastions</p>
      <p className={css.note} role="status">
        {saying(vpc, chosen.length)}
      </p>
      <ScrollRegion label="Subnets table" className={css.scroll}>
        <table className={css.table} aria-label="Subnets">
          <thead>
            <tr>
              <th scope="col">Subnet</th>
              <th scope="col">Zone</th>
              <th scope="col">Network</th>
              <th scope="col" className={css.number}>
                Free
              </th>
              <th scope="col">Can it be used?</th>
            </tr>
          </thead>
          <tbody>
            {vpc.subnets.map((subnet) => (
              <Row key={subnet.id} subnet={subnet} />
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </div>
  )
}
