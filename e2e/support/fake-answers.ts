import type { ActivityEvent, DoctorCheck, Review, Target } from '../../contract/app.ts'
import type { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { awsReview } from './fake-aws-answers.ts'

export const LAB_TARGET: Target = {
  id: 'lab',
  title: 'Local lab',
  summary:
    'Bastion and private network as namespaces on this machine, with real WireGuard tunnels. Free, no account, no root.',
  available: true,
  problem: null,
}

export const AWS_WITHOUT_CREDENTIALS: Target = {
  id: 'aws',
  title: 'AWS',
  summary: 'A bastion in your own VPC.',
  available: false,
  problem: {
    code: 'credentials-expired',
    message: 'No AWS credentials were found.',
    data: {
      meaning: 'Nothing in the cloud can be made or looked at.',
      nextStep: 'Sign in with: aws sso login --profile NAME',
    },
  },
}

export const AWS_TARGET: Target = {
  id: 'aws',
  title: 'AWS',
  summary: 'Bastions in your own VPC. What it costs is shown before anything is made.',
  available: true,
  problem: null,
}

export const LAB_RESTRICTED: Target = {
  ...LAB_TARGET,
  available: false,
  problem: {
    code: 'namespaces-restricted',
    message: 'This system does not let ordinary users make network namespaces.',
    data: {
      field: 'kernel.apparmor_restrict_unprivileged_userns',
      meaning: 'The lab needs one to keep its tunnels apart from this machine’s own network.',
      nextStep: 'Allow it until the next start with: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0',
    },
  },
}

export const SOUND_DOCTOR: readonly DoctorCheck[] = [
  { id: 'wg', title: 'WireGuard tools', state: 'ok', detail: 'wg 1.0.20210914', remedy: null },
  {
    id: 'wireguard',
    title: 'WireGuard itself',
    state: 'warning',
    detail: 'The kernel has none; wireguard-go 0.0.20231211 is used, about 1 Gbit/s on this machine.',
    remedy: 'sudo apt-get install linux-modules-extra-$(uname -r)',
  },
  { id: 'ip', title: 'iproute2', state: 'ok', detail: 'ip 6.1.0, with next-hop groups', remedy: null },
  { id: 'nft', title: 'nftables', state: 'ok', detail: 'nft 1.0.6', remedy: null },
  {
    id: 'iperf3',
    title: 'iperf3',
    state: 'missing',
    detail: 'The lab’s traffic is made with it.',
    remedy: 'sudo apt-get install iperf3',
  },
  {
    id: 'userns',
    title: 'Unprivileged namespaces',
    state: 'ok',
    detail: 'A user namespace could be made.',
    remedy: null,
  },
]

export const fakeReview = (plan: DeploymentPlan): Review =>
  plan.aws === null ? labReview(plan) : awsReview(plan, plan.aws)

const labReview = (plan: DeploymentPlan): Review => ({
  plan,
  resources: [
    { kind: 'Namespace', name: 'dtn', detail: 'the lab’s data transfer node: your end of the tunnels' },
    { kind: 'Bastion', name: 'bastion-1', detail: '203.0.113.10, booted from the same script a cloud instance gets' },
    { kind: 'Private network', name: plan.privateCidr, detail: 'with an iperf3 and an HTTP server' },
    {
      kind: 'Tunnels',
      name: plan.tunnels === 1 ? 'mole1' : `mole1 … mole${plan.tunnels}`,
      detail: `WireGuard, MTU ${plan.mtuBytes}, in ${plan.baseCidr}`,
    },
  ],
  costUsdPerHour: 0,
  costNote: 'The lab runs on this machine and costs nothing.',
  warnings:
    plan.mtuBytes > 1420 ? [`An MTU of ${plan.mtuBytes} is more than a path of 1500 bytes can carry whole.`] : [],
})

const event = (
  id: number,
  ageSeconds: number,
  level: ActivityEvent['level'],
  kind: string,
  text: string,
): ActivityEvent => ({
  id,
  atMs: Date.now() - ageSeconds * 1000,
  level,
  kind,
  text,
})

export const someEvents = (): ActivityEvent[] => [
  event(1, 760, 'info', 'engine.started', 'The engine started.'),
  event(2, 754, 'info', 'deployment.deploy', 'The deployment began (dep-7f3a).'),
  event(3, 752, 'info', 'deployment.connected', 'Connected over 4 tunnels (deploy).'),
  event(4, 301, 'warning', 'tunnel.silent', 'No echo through tunnel 3 for 3 s; its flows moved to the others.'),
  event(5, 274, 'info', 'tunnel.up', 'Tunnel 3 answers again after 27 s.'),
  event(6, 46, 'info', 'traffic.started', 'Traffic started: 8 streams, upload, 30 s.'),
]
