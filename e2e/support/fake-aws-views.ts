import type { CloudResource, DeploymentView, Money } from '../../contract/app.ts'
import { AwsPlan } from '../../domain/aws-plan.ts'
import { bastionCount, bastionOfSlot, DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { awsReview, hourlyUsd, SUBNETS } from './fake-aws-answers.ts'
import { connectedView, tunnelsOf } from './fake-views.ts'

export const AWS_ID = 'aws-3f9c2a'

/** A plan of the target AWS, as complete as the engine makes it. */
export const awsPlanOf = (shape: { tunnels: number; bastions: number }, aws: Partial<AwsPlan> = {}): DeploymentPlan => {
  const given = DeploymentPlan.parse({
    ...shape,
    target: 'aws',
    maxTunnels: 32,
    aws: AwsPlan.parse({ instanceTypes: ['c6gn.large'], ...aws }),
  })
  return awsReview(given, given.aws as AwsPlan).plan
}

const idOf = (index: number): string => `${AWS_ID}-b${index}`
const addressOf = (index: number): string => `203.0.113.${20 + index}`
const hex = (index: number): string => `0${index}1f2e3d4c5b6a798`

const bastionOf = (
  plan: DeploymentPlan,
  aws: AwsPlan,
  index: number,
  nowMs: number,
): DeploymentView['bastions'][number] => ({
  id: idOf(index),
  index,
  state: 'running',
  publicAddress: addressOf(index),
  privateCidr: plan.privateCidr,
  resourceAddress: null,
  machine: {
    instanceId: `i-${hex(index)}`,
    instanceType: aws.instanceTypes[0] ?? 'c6gn.large',
    zone: `us-west-2${index % 2 === 1 ? 'a' : 'b'}`,
    market: aws.market,
    spotUsdPerHour: aws.market === 'spot' ? 0.0346 : null,
    launchedAtMs: nowMs - 7_540_000,
  },
})

const resourcesOf = (aws: AwsPlan, indices: readonly number[]): CloudResource[] => [
  {
    kind: 'security group',
    id: 'sg-0912f3e4d5c6b7a89',
    name: `mole ${AWS_ID}`,
    state: 'available',
    detail: `UDP 51821–51836 from ${aws.sourceCidr}`,
  },
  ...indices.flatMap((index): CloudResource[] => [
    {
      kind: 'instance',
      id: `i-${hex(index)}`,
      name: `mole ${AWS_ID} b${index}`,
      state: 'running',
      detail: `${aws.instanceTypes[0]} in ${SUBNETS[(index - 1) % 2]}`,
    },
    {
      kind: 'volume',
      id: `vol-${hex(index)}`,
      name: `mole ${AWS_ID} b${index}`,
      state: 'in-use',
      detail: '8 GB gp3, encrypted',
    },
    {
      kind: 'network interface',
      id: `eni-${hex(index)}`,
      name: `mole ${AWS_ID} b${index}`,
      state: 'in-use',
      detail: addressOf(index),
    },
  ]),
]

const moneyOf = (plan: DeploymentPlan, aws: AwsPlan, hours: number): Money => {
  const count = bastionCount(plan)
  const address = count * 0.005
  const disk = (count * 8 * 0.08) / 730
  const instances = count * hourlyUsd(aws) - address - disk
  const out = 0.42
  const soFar = (instances + address + disk) * hours + out
  const part = (name: string, usdPerHour: number | null, usdSoFar: number, detail: string) => ({
    name,
    usdPerHour,
    usdSoFar,
    detail,
  })
  return {
    usdPerHour: instances + address + disk,
    usdSoFar: soFar,
    parts: [
      part(
        'instances',
        instances,
        instances * hours,
        `${count} × ${aws.instanceTypes[0]} at $0.0864 (published 2025-03)`,
      ),
      part('public IPv4 addresses', address, address * hours, `${count} at $0.005 (published 2024-02)`),
      part('disks', disk, disk * hours, `${count} × 8 GB gp3 at $0.08 a GB and month`),
      part('data out', null, out, '4.67 GB at $0.09 a GB'),
      part('data in', null, 0, 'free'),
    ],
    budgetUsd: aws.budgetUsd,
    budgetShare: aws.budgetUsd === null ? null : soFar / aws.budgetUsd,
    atBudget: aws.atBudget,
    pricesDate: '2026-11-21',
  }
}

const HOURS = 2.09

/** A deployment on AWS that stands. */
export const awsView = (plan: DeploymentPlan, nowMs: number): DeploymentView => {
  const aws = plan.aws as AwsPlan
  const indices = Array.from({ length: bastionCount(plan) }, (_, at) => at + 1)
  return {
    ...connectedView(plan, nowMs),
    id: AWS_ID,
    createdAtMs: nowMs - HOURS * 3_600_000,
    connectedAtMs: nowMs - HOURS * 3_600_000 + 52_000,
    bastions: indices.map((index) => bastionOf(plan, aws, index, nowMs)),
    tunnels: tunnelsOf(plan, (slot) => ({ id: idOf(bastionOfSlot(slot)), address: addressOf(bastionOfSlot(slot)) })),
    resources: resourcesOf(aws, indices),
    money: moneyOf(plan, aws, HOURS),
  }
}

/** The same without one bastion: the others carry on. */
export const withoutBastion = (view: DeploymentView, index: number): DeploymentView => {
  const of = view.bastions.length
  return {
    ...view,
    phase: 'degraded',
    bastions: view.bastions.map((bastion) =>
      bastion.index === index ? { ...bastion, state: 'missing' as const, publicAddress: '', machine: null } : bastion,
    ),
    tunnels: view.tunnels.filter(({ bastionId }) => bastionId !== idOf(index)),
    resources: view.resources.filter(({ name }) => name !== `mole ${AWS_ID} b${index}`),
    problem: {
      code: 'capacity',
      message: `Bastion ${index} of ${of} could not be launched: us-west-2b has no c6gn.large just now.`,
      data: {
        meaning: `The tunnels of the other ${of - 1} carry the traffic.`,
        nextStep: 'Try again, now or later; or disconnect, which takes everything away.',
      },
    },
  }
}

/** The same after somebody changed it at AWS. */
export const withDrift = (view: DeploymentView): DeploymentView => ({
  ...view,
  drift: [
    'The security group sg-0912f3e4d5c6b7a89 no longer lets in 198.51.100.2/32 on UDP 51821–51836.',
    'Instance i-011f2e3d4c5b6a798 checks the source and destination of packets: it forwards nothing.',
  ],
})
