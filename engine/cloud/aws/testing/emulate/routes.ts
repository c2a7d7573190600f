import { DescribeRouteTablesCommand } from '@aws-sdk/client-ec2'
import { awsError, errorAnswer } from '../aws-answer.ts'
import type { Hypervisor } from '../hypervisor.ts'
import type { Moto } from '../moto.ts'
import { type Emulations, parameterOf } from './emulation.ts'

/** moto replaces a route without a word; AWS refuses to create it again (EC2 API Reference, error `RouteAlreadyExists`). */
export const routeEmulations = ({ ec2 }: Moto, hypervisor: Hypervisor): Emulations => ({
  'ec2:CreateRoute': async (call, forward) => {
    const [table, destination] = [parameterOf(call, 'RouteTableId'), parameterOf(call, 'DestinationCidrBlock')]
    const { RouteTables = [] } = await ec2
      .send(new DescribeRouteTablesCommand({ RouteTableIds: [table] }))
      .catch(() => ({ RouteTables: [] }))
    const isThere = RouteTables.flatMap(({ Routes = [] }) => Routes).some(
      ({ DestinationCidrBlock }) => DestinationCidrBlock === destination,
    )
    if (isThere)
      return errorAnswer(call, awsError('RouteAlreadyExists', `The route identified by ${destination} already exists.`))
    const answer = await forward()
    await hypervisor.settle()
    return answer
  },
})
