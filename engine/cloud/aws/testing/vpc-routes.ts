import { DescribeRouteTablesCommand, type Route } from '@aws-sdk/client-ec2'
import { type LabMachine, runInNamespace } from './lab-machine.ts'
import type { Moto } from './moto.ts'

type Applied = { readonly namespace: string; readonly destination: string; readonly how: string }

/** The instance a route leads to, by its own id or its network interface's. */
const isTargetOf =
  ({ InstanceId, NetworkInterfaceId }: Route) =>
  ({ instance }: LabMachine): boolean =>
    instance.InstanceId === InstanceId ||
    (NetworkInterfaceId !== undefined &&
      instance.NetworkInterfaces?.some((each) => each.NetworkInterfaceId === NetworkInterfaceId) === true)

/** AWS drops what an instance is sent for others until its source/destination check is off. */
const howTo = ({ instance, place }: LabMachine, destination: string): string =>
  instance.SourceDestCheck === false
    ? `replace ${destination} via ${place.bastionPrivateAddress} dev ${place.routerInterface}`
    : `replace blackhole ${destination}`

const keyOf = ({ namespace, destination }: Applied): string => `${namespace} ${destination}`

/** Gives the private subnet of the lab the routes that its route table in moto has to instances. */
export const followVpcRoutes = (moto: Moto, pid: number, routeTableId: string) => {
  let applied = new Map<string, Applied>()

  const wantedFor = (machines: readonly LabMachine[], routes: readonly Route[]): Applied[] =>
    routes.flatMap((route) => {
      const [machine, destination] = [machines.find(isTargetOf(route)), route.DestinationCidrBlock]
      return machine === undefined || destination === undefined
        ? []
        : [{ namespace: machine.place.privateNamespace, destination, how: howTo(machine, destination) }]
    })

  const change = (namespace: string, how: string) => runInNamespace(pid, namespace, ['ip', 'route', ...how.split(' ')])

  return async (machines: readonly LabMachine[]): Promise<void> => {
    if (machines.length === 0) {
      // The private network went with its last bastion.
      applied = new Map()
      return
    }
    const { RouteTables = [] } = await moto.ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [routeTableId] }))
    const wanted = wantedFor(machines, RouteTables[0]?.Routes ?? [])
    const keys = new Set(wanted.map(keyOf))
    for (const old of applied.values())
      if (!keys.has(keyOf(old))) await change(old.namespace, `del ${old.destination}`).catch(() => undefined)
    for (const route of wanted)
      if (applied.get(keyOf(route))?.how !== route.how) await change(route.namespace, route.how)
    applied = new Map(wanted.map((route) => [keyOf(route), route]))
  }
}
