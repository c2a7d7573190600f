import { z } from 'zod'
import { Autoscale } from '../domain/autoscale.ts'
import { AwsProfileName, AwsRegion, InstanceTypeName, VpcId } from '../domain/aws-plan.ts'
import { Carriage, MptcpStrategy, Spread } from '../domain/carriage.ts'
import { ConfigProblem } from '../domain/config/problem.ts'
import { ProfileName } from '../domain/config/profile-name.ts'
import { ConfigValue } from '../domain/config/resolve.ts'
import { PriceDocument } from '../domain/planner/price-table.ts'
import { PlanChange } from '../domain/probe/plan-change.ts'
import { ProbeReport, ProbeSummary } from '../domain/probe/report.ts'
import { ProbeRequest, ProbeTarget } from '../domain/probe/request.ts'
import { TrialOption } from '../domain/trial-option.ts'
import { TuningOption } from '../domain/tuning.ts'
import { DeploymentPlan, TargetId, TuningPlan } from '../domain/tunnel-plan.ts'
import { call, stream } from './define.ts'
import { ErrorCode, ErrorData } from './errors.ts'
import { FlowSample, HostLoad, MptcpFacts, PathCondition, TrafficEvent, TrafficRequest } from './helper.ts'

/** What the panel, the tray and the `mole` command may ask of the engine. */

const Nothing = z.strictObject({})
/** As tags and names carry it: `aws-3f9c2a`. */
const DeploymentId = z.string().regex(/^[a-z]{1,8}-[0-9a-f]{6}$/, { error: 'must be the id of a deployment' })
const Slot = z.int().min(1).max(64)
/** `probe-20261121-203315-3f9c2a`. */
const ProbeId = ProbeReport.shape.id

/** An error as a value: what happened, what it means, what to do. */
export const Problem = z.strictObject({ code: ErrorCode, message: z.string(), data: ErrorData })
export type Problem = z.infer<typeof Problem>

export const Target = z.strictObject({
  id: TargetId,
  title: z.string(),
  summary: z.string(),
  available: z.boolean(),
  /** Why it is not available and what to do, when it is not. */
  problem: Problem.nullable(),
})
export type Target = z.infer<typeof Target>

export const ReviewLine = z.strictObject({ kind: z.string(), name: z.string(), detail: z.string() })

export const Review = z.strictObject({
  plan: DeploymentPlan,
  /** Everything that will be made, where. */
  resources: z.array(ReviewLine),
  /** `null` when unknown; 0 for the lab. */
  costUsdPerHour: z.number().nullable(),
  costNote: z.string(),
  warnings: z.array(z.string()),
})
export type Review = z.infer<typeof Review>

export const StepId = z.enum([
  'prepare-host',
  'make-keys',
  'prepare-cloud',
  'launch-bastion',
  'await-keys',
  'apply-host',
  'verify',
  'retire-bastion',
  'rotate-keys',
  'revert-host',
  'terminate-bastion',
  'remove-host',
  'prove-clean',
])
export type StepId = z.infer<typeof StepId>

export const Step = z.strictObject({
  id: StepId,
  title: z.string(),
  state: z.enum(['pending', 'running', 'done', 'failed']),
  startedAtMs: z.number().nullable(),
  endedAtMs: z.number().nullable(),
  log: z.array(z.string()),
  problem: Problem.nullable(),
})
export type Step = z.infer<typeof Step>

/** The act that is going on, or went on last. */
export const Act = z.strictObject({
  verb: z.enum(['deploy', 'scale', 'teardown', 'recover', 'adjust', 'rotate']),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  startedAtMs: z.number(),
  endedAtMs: z.number().nullable(),
  steps: z.array(Step),
})
export type Act = z.infer<typeof Act>

export const TunnelView = z.strictObject({
  slot: Slot,
  interfaceName: z.string(),
  bastionId: z.string(),
  hostAddress: z.string(),
  bastionAddress: z.string(),
  endpoint: z.string(),
  publicKey: z.string(),
  /** `up`: echoes return. `degraded`: some are lost. `silent`: none return. `unknown`: not measured yet. */
  health: z.enum(['up', 'degraded', 'silent', 'unknown']),
  /** It is in the route. */
  carries: z.boolean(),
  /** Since when it has the keys it has; `null` where that is not known. */
  keysSinceMs: z.number().nullable(),
  /** Lab only: the path was broken on purpose. */
  pathBroken: z.boolean(),
})
export type TunnelView = z.infer<typeof TunnelView>

/** One thing of ours in the cloud. */
export const CloudResource = z.strictObject({
  /** `instance`, `volume`, `network interface`, `security group`, `route`, `spot request`; in the lab `namespace`. */
  kind: z.string(),
  /** As the cloud calls it, e.g. `i-0123456789abcdef0`. */
  id: z.string(),
  name: z.string(),
  state: z.string(),
  detail: z.string(),
})
export type CloudResource = z.infer<typeof CloudResource>

/** One part of what a deployment costs. */
export const MoneyPart = z.strictObject({
  /** `instances`, `public IPv4 addresses`, `disks`, `data out`, `data in`. */
  name: z.string(),
  /** `null` where it depends on traffic, or the price is not known. */
  usdPerHour: z.number().nullable(),
  usdSoFar: z.number().nullable(),
  /** How it was reckoned, from which price, of what day. */
  detail: z.string(),
})

/** What the deployment costs, reckoned from the price table; AWS's own bill has the last word. */
export const Money = z.strictObject({
  usdPerHour: z.number().nullable(),
  usdSoFar: z.number().nullable(),
  parts: z.array(MoneyPart),
  budgetUsd: z.number().nullable(),
  /** Share of the budget that is used, 0–1 and above; `null` without a budget. */
  budgetShare: z.number().nullable(),
  atBudget: z.enum(['alert', 'shut-down']),
  /** The day the price table was put together (ISO 8601). */
  pricesDate: z.string(),
})
export type Money = z.infer<typeof Money>

/** Everything there is to know of the deployment, sent whole at each change. */
export const DeploymentView = z.strictObject({
  /** `none`: nothing deployed and nothing left. `detached`: deployed, but its helper does not answer. */
  phase: z.enum(['none', 'deploying', 'connected', 'degraded', 'tearing-down', 'failed', 'detached']),
  id: z.string().nullable(),
  plan: DeploymentPlan.nullable(),
  /** The profile it was connected by; `null` when it was deployed without one. */
  profile: ProfileName.nullable(),
  createdAtMs: z.number().nullable(),
  connectedAtMs: z.number().nullable(),
  bastions: z.array(
    z.strictObject({
      id: z.string(),
      index: z.int(),
      state: z.enum(['booting', 'running', 'failed', 'missing']),
      publicAddress: z.string(),
      privateCidr: z.string(),
      resourceAddress: z.string().nullable(),
      /** The machine it runs on; `null` in the lab. */
      machine: z
        .strictObject({
          instanceId: z.string(),
          instanceType: z.string(),
          zone: z.string(),
          market: z.enum(['on-demand', 'spot']),
          spotUsdPerHour: z.number().nullable(),
          launchedAtMs: z.number(),
        })
        .nullable(),
    }),
  ),
  tunnels: z.array(TunnelView),
  /** What the cloud holds of it, as seen last. */
  resources: z.array(CloudResource),
  /** What is not as we made it, e.g. a security group somebody deleted. */
  drift: z.array(z.string()),
  /** `null` where it costs nothing. */
  money: Money.nullable(),
  act: Act.nullable(),
  problem: Problem.nullable(),
})
export type DeploymentView = z.infer<typeof DeploymentView>

/** One tunnel in one second. Rates are payload (goodput): interface bytes less TCP/IP headers. */
export const TunnelSample = z.strictObject({
  slot: Slot,
  upBitsPerSecond: z.number(),
  downBitsPerSecond: z.number(),
  rttMs: z.number().nullable(),
  lossRatio: z.number().nullable(),
  handshakeAgeSeconds: z.number().nullable(),
  upBytes: z.number(),
  downBytes: z.number(),
})
export type TunnelSample = z.infer<typeof TunnelSample>

export const TelemetrySample = z.strictObject({ atMs: z.number(), tunnels: z.array(TunnelSample) })
export type TelemetrySample = z.infer<typeof TelemetrySample>

export const ActivityEvent = z.strictObject({
  id: z.int(),
  atMs: z.number(),
  level: z.enum(['info', 'warning', 'error']),
  /** Dotted noun and verb, e.g. `deployment.connected`. */
  kind: z.string(),
  text: z.string(),
})
export type ActivityEvent = z.infer<typeof ActivityEvent>

export const TrafficState = z.strictObject({
  running: z.boolean(),
  streams: z.int().nullable(),
  direction: z.enum(['upload', 'download']).nullable(),
  startedAtMs: z.number().nullable(),
  latestBitsPerSecond: z.number().nullable(),
  report: TrafficEvent.options[2].nullable(),
  problem: Problem.nullable(),
})
export type TrafficState = z.infer<typeof TrafficState>

/** Why the number of tunnels was changed, or was not. */
export const ScalingDecision = z.strictObject({
  atMs: z.number(),
  /** `revert`: a step that did not raise goodput is taken back. `hold`: nothing is changed. */
  action: z.enum(['up', 'down', 'revert', 'hold']),
  from: z.int(),
  to: z.int(),
  /** In one sentence, with the figures it was decided by. */
  reason: z.string(),
  /** What came of it; `null` while that is not known, and for `hold`. */
  outcome: z.string().nullable(),
})
export type ScalingDecision = z.infer<typeof ScalingDecision>

/** How the number of tunnels changes by itself. */
export const AutoscaleView = z.strictObject({
  settings: Autoscale,
  /** Payload of the busier direction over the last interval, and what it is measured against; `null` while nothing is up. */
  goodputBitsPerSecond: z.number().nullable(),
  /** What one tunnel was measured to carry; `null` before it was ever full. */
  capacityPerTunnelBitsPerSecond: z.number().nullable(),
  capacityOrigin: z.string(),
  /** 0–1; `null` while the capacity is not known. */
  utilisation: z.number().nullable(),
  /** Newest first. */
  decisions: z.array(ScalingDecision),
  nextLookAtMs: z.number().nullable(),
  /** No step up, or down, before then. */
  upAllowedAtMs: z.number().nullable(),
  downAllowedAtMs: z.number().nullable(),
})
export type AutoscaleView = z.infer<typeof AutoscaleView>

/** A TCP connection over the bundle. */
export const Flow = z.strictObject({
  ...FlowSample.shape,
  /** Slot of the tunnel it rides. */
  tunnel: z.int().nullable(),
  /** Payload per second since the last look; `null` at the first. */
  upBitsPerSecond: z.number().nullable(),
  downBitsPerSecond: z.number().nullable(),
  isElephant: z.boolean(),
  /** What holds it back, in one sentence; `null` where nothing shows. */
  limitedBy: z.string().nullable(),
})
export type Flow = z.infer<typeof Flow>

export const FlowsView = z.strictObject({
  atMs: z.number(),
  flows: z.array(Flow),
  mptcp: MptcpFacts,
  spread: Spread,
  /** What was asked for of Multipath TCP, and what that is here, in words; `null` when it is off. */
  strategy: z.strictObject({ asked: MptcpStrategy, inForce: z.string() }).nullable(),
})
export type FlowsView = z.infer<typeof FlowsView>

/** What trying one option showed. */
export const OptimizeTrial = z.strictObject({
  option: TrialOption,
  /** From what to what, as people read it; `null` where it is only had or not. */
  change: z.strictObject({ now: z.string(), next: z.string() }).nullable(),
  state: z.enum(['pending', 'measuring', 'kept', 'taken-back', 'lacking']),
  /** Goodput of each pair, in bits per second. */
  pairs: z.array(z.strictObject({ beforeBitsPerSecond: z.number(), afterBitsPerSecond: z.number() })),
  /** Median of after ÷ before; `null` before the first pair. */
  ratio: z.number().nullable(),
  reason: z.string(),
})
export type OptimizeTrial = z.infer<typeof OptimizeTrial>

export const OptimizeState = z.strictObject({
  running: z.boolean(),
  startedAtMs: z.number().nullable(),
  /** The probe whose recommendation is tried; `null`: what the plan wants tuned. */
  fromProbe: ProbeId.nullable(),
  trials: z.array(OptimizeTrial),
  /** Options in force now. */
  inForce: z.array(TuningOption),
  problem: Problem.nullable(),
})
export type OptimizeState = z.infer<typeof OptimizeState>

/** What a probe's recommendation would make of the deployment that is up. */
export const OptimizeReview = z.strictObject({
  probe: ProbeSummary,
  /** What is `live` is tried and kept where it measures better; the rest takes "down" and "up". Empty: all is so already. */
  changes: z.array(PlanChange),
})
export type OptimizeReview = z.infer<typeof OptimizeReview>

export const DoctorCheck = z.strictObject({
  id: z.string(),
  title: z.string(),
  state: z.enum(['ok', 'missing', 'warning']),
  detail: z.string(),
  /** How to get it, as one sentence or command; `null` when it is there. */
  remedy: z.string().nullable(),
})
export type DoctorCheck = z.infer<typeof DoctorCheck>

/** Hash of a profile's text: who writes says which text it was made from. */
const Revision = z.string().regex(/^[0-9a-f]{64}$/)
const ProfileText = z.string().max(256 * 1024)

export const ProfileSummary = z.strictObject({
  name: ProfileName,
  description: z.string().nullable(),
  extends: z.string().nullable(),
  revision: Revision,
  modifiedAtMs: z.number(),
  lastConnectedAtMs: z.number().nullable(),
  /** What connecting makes; `null` while the profile has problems. */
  plan: DeploymentPlan.nullable(),
  problems: z.array(ConfigProblem),
  /** Keys it sets that are not yet in force in this version. */
  notInForce: z.array(z.string()),
  /** There is an earlier text to go back to. */
  hasBackup: z.boolean(),
})
export type ProfileSummary = z.infer<typeof ProfileSummary>

/** A profile's file that held no text and was moved aside. */
export const DamagedProfile = z.strictObject({ name: z.string(), movedTo: z.string(), hasBackup: z.boolean() })
export type DamagedProfile = z.infer<typeof DamagedProfile>

export const Profiles = z.strictObject({
  /** Where the files lie, for people who edit them by hand. */
  directory: z.string(),
  profiles: z.array(ProfileSummary),
  damaged: z.array(DamagedProfile),
  /** The directory cannot be read. */
  problem: Problem.nullable(),
})
export type Profiles = z.infer<typeof Profiles>

/** Which credentials, and where; `null` takes what the environment gives. */
const Account = z.strictObject({
  profile: AwsProfileName.nullable().default(null),
  region: AwsRegion.nullable().default(null),
})

export const AwsIdentity = z.strictObject({ account: z.string(), arn: z.string(), region: AwsRegion })
export type AwsIdentity = z.infer<typeof AwsIdentity>

export const AwsVpc = z.strictObject({
  id: z.string(),
  name: z.string(),
  isDefault: z.boolean(),
  /** The first is the primary. */
  cidrs: z.array(z.string()),
  subnets: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      zone: z.string(),
      cidr: z.string(),
      /** Its route table leads to an internet gateway: a bastion must be in one such. */
      isPublic: z.boolean(),
      freeAddresses: z.int(),
    }),
  ),
})
export type AwsVpc = z.infer<typeof AwsVpc>

/** What a deployment left behind, or has. */
export const FoundDeployment = z.strictObject({
  deployment: z.string(),
  /** It is the one this engine has up. */
  isOurs: z.boolean(),
  resources: z.array(CloudResource),
})
export type FoundDeployment = z.infer<typeof FoundDeployment>

export const TextFile = z.strictObject({ name: z.string(), text: z.string() })
export type TextFile = z.infer<typeof TextFile>

export const appContract = {
  'engine.hello': call('read', Nothing, z.strictObject({ version: z.string(), pid: z.int(), startedAtMs: z.number() })),
  /** Ends the engine; tunnels stay up and the next engine finds them. */
  'engine.stop': call('write', Nothing, Nothing),
  'system.doctor': call('read', Nothing, z.strictObject({ checks: z.array(DoctorCheck) })),
  /** A fresh one-time address of the panel in a browser. `not-available` where no panel is served. */
  'panel.link': call('write', Nothing, z.strictObject({ url: z.string() })),

  'targets.list': call('read', Nothing, z.strictObject({ targets: z.array(Target) })),
  /** With the profile that it is to be connected by, its warnings are told too. */
  'deployment.review': call(
    'read',
    z.strictObject({ plan: DeploymentPlan, profile: ProfileName.nullable().default(null) }),
    Review,
  ),
  /** Starts the act and answers at once; follow it on `deployment.watch`. `conflict` while another act runs. */
  'deployment.deploy': call(
    'write',
    z.strictObject({
      plan: DeploymentPlan,
      profile: ProfileName.nullable().default(null),
      /** The deployment whose bastions Terraform has made; `null` begins a new one. */
      id: DeploymentId.nullable().default(null),
    }),
    z.strictObject({ id: z.string() }),
  ),
  /** Deploys what a saved profile asks for, as this engine's configuration resolves it. */
  'deployment.connect': call('write', z.strictObject({ profile: ProfileName }), z.strictObject({ id: z.string() })),
  'deployment.scale': call(
    'write',
    z.strictObject({
      /** `null` leaves them. */
      tunnels: DeploymentPlan.shape.tunnels.unwrap().nullable().default(null),
      bastions: DeploymentPlan.shape.bastions.unwrap().nullable().default(null),
    }),
    z.strictObject({ id: z.string() }),
  ),
  /** Changes how what is up is carried and scaled, without touching a tunnel; `null` leaves a part as it is. */
  'deployment.adjust': call(
    'write',
    z.strictObject({
      carriage: Carriage.nullable().default(null),
      autoscale: Autoscale.nullable().default(null),
      tuning: TuningPlan.nullable().default(null),
    }),
    z.strictObject({ id: z.string() }),
  ),
  /** Gives tunnels new keys, one after the other, without losing a packet; `null`: all. */
  'deployment.rotate': call(
    'write',
    z.strictObject({ tunnels: z.array(Slot).min(1).max(64).nullable().default(null) }),
    z.strictObject({ id: z.string() }),
  ),
  /** Starts the teardown; with nothing deployed it proves that nothing is left. */
  'deployment.teardown': call('write', Nothing, Nothing),
  /** Cancels the running act; a deploy is rolled back. */
  'deployment.cancel': call('write', Nothing, Nothing),
  'deployment.watch': stream('read', Nothing, DeploymentView),
  /** The history first, and again, empty, when another deployment begins. */
  'telemetry.watch': stream(
    'read',
    z.strictObject({ historySeconds: z.int().min(0).max(3600).default(600) }),
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('history'), samples: z.array(TelemetrySample) }),
      z.strictObject({ kind: z.literal('sample'), sample: TelemetrySample }),
    ]),
    'latest',
  ),
  'activity.watch': stream(
    'read',
    Nothing,
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('recent'), events: z.array(ActivityEvent) }),
      z.strictObject({ kind: z.literal('event'), event: ActivityEvent }),
    ]),
  ),

  'traffic.start': call(
    'write',
    z.strictObject({
      protocol: TrafficRequest.shape.protocol,
      streams: z.int().min(1).max(128).default(8),
      durationSeconds: z.int().min(1).max(86_400).default(30),
      direction: z.enum(['upload', 'download']).default('upload'),
    }),
    Nothing,
  ),
  'traffic.stop': call('write', Nothing, Nothing),
  'traffic.watch': stream('read', Nothing, TrafficState),
  'autoscale.watch': stream('read', Nothing, AutoscaleView),
  /** A look a second, while somebody watches. */
  'flows.watch': stream('read', Nothing, FlowsView, 'latest'),
  'host.watch': stream('read', Nothing, HostLoad, 'latest'),
  /** What `optimize.start` by a probe would try, and what it could not change; `null`: the newest with a recommendation. */
  'optimize.review': call('read', z.strictObject({ fromProbe: ProbeId.nullable() }), OptimizeReview),
  /** Tries options one after the other, each in pairs without and with it, and keeps those that measured better. */
  'optimize.start': call(
    'write',
    z.strictObject({
      /** `null`: all that the plan wants tuned, or that the probe recommends. */
      options: z.array(TrialOption).min(1).nullable().default(null),
      /** The probe whose recommendation is tried in place of what the plan wants; `null`: none. */
      fromProbe: ProbeId.nullable().default(null),
      pairs: z.int().min(2).max(20).default(3),
      /** Seconds of each measurement. */
      seconds: z.int().min(1).max(60).default(5),
    }),
    Nothing,
  ),
  'optimize.stop': call('write', Nothing, Nothing),
  'optimize.watch': stream('read', Nothing, OptimizeState),
  /** What the configuration in force asks of a probe, without its target. */
  'probe.defaults': call(
    'read',
    z.strictObject({ profile: ProfileName.nullable().default(null) }),
    ProbeRequest.omit({ target: true }),
  ),
  /** What measuring towards a target makes and costs, before anything is made. */
  'probe.review': call(
    'read',
    z.strictObject({ target: ProbeTarget }),
    z.strictObject({
      resources: z.array(ReviewLine),
      /** `null` when unknown; 0 where nothing is made. */
      costUsdPerHour: z.number().nullable(),
      costNote: z.string(),
      warnings: z.array(z.string()),
    }),
  ),
  /** Begins a probe; `conflict` while another runs. It goes on when whoever began it goes away. */
  'probe.start': call('write', ProbeRequest, z.strictObject({ id: ProbeId })),
  /** Ends the running probe within a second; what it had found is kept. Without one: no-op. */
  'probe.cancel': call('write', Nothing, Nothing),
  /** The newest probe, sent whole at each change while it runs; `null` before the first. */
  'probe.watch': stream('read', Nothing, ProbeReport.nullable(), 'latest'),
  /** Earlier probes, newest first, at most 100, sent whole at each change. */
  'probe.history': stream('read', Nothing, z.array(ProbeSummary), 'latest'),
  'probe.read': call('read', z.strictObject({ id: ProbeId }), ProbeReport),
  'probe.delete': call('write', z.strictObject({ id: ProbeId }), Nothing),
  'lab.condition': call('write', z.strictObject({ tunnel: Slot, condition: PathCondition }), Nothing),
  'lab.path': call('write', z.strictObject({ tunnel: Slot, state: z.enum(['broken', 'healthy']) }), Nothing),
  /** What `mole lab shell` needs to enter the lab's DTN: the pid of its first process. */
  'lab.world': call('read', Nothing, z.strictObject({ pid: z.int() })),

  /** The saved profiles, sent whole at each change, also of the files. */
  'profiles.watch': stream('read', Nothing, Profiles),
  'profiles.read': call(
    'read',
    z.strictObject({ name: ProfileName }),
    z.strictObject({ text: ProfileText, revision: Revision }),
  ),
  /** `conflict` when there is one of that name. The text may have problems: it is kept as it is written. */
  'profiles.create': call(
    'write',
    z.strictObject({ name: ProfileName, text: ProfileText }),
    z.strictObject({ revision: Revision }),
  ),
  /** `conflict` when the profile is no longer the text of `revision`: somebody else has written it. */
  'profiles.write': call(
    'write',
    z.strictObject({ name: ProfileName, text: ProfileText, revision: Revision }),
    z.strictObject({ revision: Revision }),
  ),
  'profiles.rename': call('write', z.strictObject({ name: ProfileName, to: ProfileName }), Nothing),
  'profiles.duplicate': call('write', z.strictObject({ name: ProfileName, to: ProfileName }), Nothing),
  /** The text stays as a backup. */
  'profiles.delete': call('write', z.strictObject({ name: ProfileName, revision: Revision }), Nothing),
  /** Puts the backup in the profile's place, and the profile in the backup's. */
  'profiles.restore': call('write', z.strictObject({ name: ProfileName }), z.strictObject({ revision: Revision })),

  /** What a profile's text says once everything it stands on is resolved; nothing is saved. */
  'config.check': call(
    'read',
    z.strictObject({ text: ProfileText, name: z.string().max(100) }),
    z.strictObject({
      problems: z.array(ConfigProblem),
      values: z.array(ConfigValue),
      plan: DeploymentPlan.nullable(),
      notInForce: z.array(z.string()),
    }),
  ),
  /** The configuration in force, every value with its origin. */
  'config.show': call(
    'read',
    z.strictObject({ profile: ProfileName.nullable().default(null) }),
    z.strictObject({ values: z.array(ConfigValue), problems: z.array(ConfigProblem) }),
  ),
  /** Credentials profiles of ~/.aws/config, by name. */
  'aws.profiles': call('read', Nothing, z.strictObject({ profiles: z.array(z.string()) })),
  /** Who these credentials are. `credentials-expired` says how to log in again. */
  'aws.identity': call('read', Account, AwsIdentity),
  'aws.regions': call('read', Account, z.strictObject({ regions: z.array(z.string()) })),
  'aws.networks': call('read', Account, z.strictObject({ vpcs: z.array(AwsVpc) })),
  /** Identity, every permission the program needs by name, quotas and offerings, each found out without making anything. */
  'aws.check': call(
    'read',
    z.strictObject({
      ...Account.shape,
      vpcId: VpcId.nullable().default(null),
      instanceTypes: z.array(InstanceTypeName).max(32).default([]),
    }),
    z.strictObject({ checks: z.array(DoctorCheck) }),
  ),
  /** The least-privilege IAM policy, JSON text to be copied. */
  'aws.policy': call('read', Nothing, z.strictObject({ text: z.string() })),
  /** Everything in the region that carries a tag of ours, by deployment: also what lost state or other machines left. */
  'aws.find': call('read', Account, z.strictObject({ region: AwsRegion, found: z.array(FoundDeployment) })),
  /** Takes these deployments away, each only by its tag, and proves it. `conflict` for the one that is up here. */
  'aws.sweep': call(
    'write',
    z.strictObject({ ...Account.shape, deployments: z.array(z.string().max(64)).min(1).max(100) }),
    z.strictObject({ log: z.array(z.string()) }),
  ),
  /** The newest price table there is (the document of resources/prices), for the planner. */
  'prices.table': call('read', Nothing, z.strictObject({ document: PriceDocument })),
  /** Asks the AWS Pricing API for the prices of a region anew and keeps them. */
  'prices.refresh': call('write', Account, z.strictObject({ document: PriceDocument, changes: z.array(z.string()) })),
  /** Terraform files that make the same bastions as the plan. */
  'terraform.export': call(
    'read',
    z.strictObject({ plan: DeploymentPlan }),
    z.strictObject({ files: z.array(TextFile) }),
  ),
  /**
   * Writes those files for a deployment to be, with the DTN's public keys, where `program` (an absolute path) is to apply
   * them. `deployment.deploy` with the id then takes over what was made. `conflict` when what is up was not made so.
   */
  'terraform.prepare': call(
    'write',
    z.strictObject({ plan: DeploymentPlan, program: z.string().max(4096) }),
    z.strictObject({ deployment: z.string(), directory: z.string() }),
  ),
  /** Forgets what was prepared and never applied. */
  'terraform.discard': call('write', z.strictObject({ deployment: DeploymentId }), Nothing),
  /** wg-quick files of the tunnels that are up, without their private keys. */
  'tunnels.export': call('read', Nothing, z.strictObject({ files: z.array(TextFile) })),
} as const
export type AppContract = typeof appContract
