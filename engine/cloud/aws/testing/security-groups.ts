import { DescribeSecurityGroupsCommand, type IpPermission, type SecurityGroup } from '@aws-sdk/client-ec2'
import { type LabMachine, runInNamespace } from './lab-machine.ts'
import type { Moto } from './moto.ts'

/** The lab's router, where every bastion's traffic passes. */
const ROUTER = 'inet'

const matchOf = ({ IpProtocol, FromPort, ToPort }: IpPermission): string => {
  if (IpProtocol === 'udp' || IpProtocol === 'tcp') return `${IpProtocol} dport ${FromPort}-${ToPort}`
  return IpProtocol === 'icmp' ? 'ip protocol icmp' : ''
}

const rulesOf = ({ IpPermissions = [] }: SecurityGroup): string[] =>
  IpPermissions.flatMap((permission) =>
    (permission.IpRanges ?? []).map(({ CidrIp = '' }) => `ip saddr ${CidrIp} ${matchOf(permission)} accept`),
  )

const tableOf = ({ place }: LabMachine): string => `edge_${place.routerInterface}`

/** What nobody may start, nobody may; what was started goes on (EC2 User Guide, "Security group connection tracking"). */
const render = (machine: LabMachine, groups: readonly SecurityGroup[]): string => {
  const mine = new Set(
    machine.instance.NetworkInterfaces?.flatMap(({ Groups = [] }) => Groups).map(({ GroupId }) => GroupId),
  )
  const table = tableOf(machine)
  const towards = `oifname "${machine.place.routerInterface}"`
  const rules = groups.filter(({ GroupId }) => mine.has(GroupId)).flatMap(rulesOf)
  return `table ip ${table}
delete table ip ${table}
table ip ${table} {
  chain admit {
    type filter hook forward priority filter; policy accept;
    ${[...rules, 'ct state established,related accept', 'drop'].map((rule) => `${towards} ${rule}`).join('\n    ')}
  }
}
`
}

/** Makes the lab's router let through what moto's security groups let through, and no more. */
export const followSecurityGroups = (moto: Moto, pid: number) => {
  let applied = new Map<string, string>()
  return async (machines: readonly LabMachine[]): Promise<void> => {
    if (machines.length === 0 && applied.size === 0) return
    const { SecurityGroups = [] } = await moto.ec2.send(new DescribeSecurityGroupsCommand({}))
    const wanted = new Map(machines.map((machine) => [tableOf(machine), render(machine, SecurityGroups)]))
    const gone = [...applied.keys()].filter((table) => !wanted.has(table))
    const changed = [...wanted].filter(([table, text]) => applied.get(table) !== text).map(([, text]) => text)
    const input = [...gone.map((table) => `table ip ${table}\ndelete table ip ${table}\n`), ...changed].join('')
    if (input !== '') await runInNamespace(pid, ROUTER, ['nft', '-f', '-'], input)
    applied = wanted
  }
}
