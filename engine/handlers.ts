import type { AppContract } from '../contract/app.ts'
import type { Handlers } from '../contract/define.ts'
import { MoleError } from '../contract/errors.ts'
import type { HostLoad } from '../contract/helper.ts'
import type { DeploymentPlan } from '../domain/tunnel-plan.ts'
import type { Activity } from './activity.ts'
import type { Autoscaler } from './autoscale/autoscale.ts'
import type { AwsAccountSide } from './cloud/aws/account.ts'
import { regionOf } from './cloud/aws/profiles.ts'
import type { TerraformSide } from './cloud/terraform/terraform.ts'
import type { Configuration } from './config/configuration.ts'
import type { Deployment } from './deployment/deployment.ts'
import { assertNetworksFree, takenNetworks } from './deployment/preflight.ts'
import { runDoctor } from './doctor/doctor.ts'
import type { Flows } from './flows/flows.ts'
import { observeLabWorld } from './host/lab-world.ts'
import type { Optimize } from './optimize/optimize.ts'
import type { Paths } from './paths.ts'
import type { Prices } from './prices/prices.ts'
import type { Probe } from './probe/probe.ts'
import { probeHandlers } from './probe/probe-handlers.ts'
import type { ProfileUses } from './profile-uses.ts'
import type { Profiles } from './profiles/profiles.ts'
import type { Targets } from './targets.ts'
import type { Telemetry } from './telemetry/telemetry.ts'
import type { Traffic } from './traffic.ts'

export type Parts = {
  readonly about: { readonly version: string; readonly pid: number; readonly startedAtMs: number }
  readonly paths: Paths
  readonly targets: Targets
  readonly deployment: Deployment
  readonly telemetry: Telemetry
  readonly activity: Activity
  readonly traffic: Traffic
  readonly optimize: Optimize
  readonly probe: Probe
  readonly flows: Flows
  readonly autoscale: Autoscaler
  readonly prices: Prices
  readonly aws: AwsAccountSide
  readonly terraform: TerraformSide
  readonly profiles: Profiles
  readonly uses: ProfileUses
  readonly configuration: Configuration
  watchHostLoad(signal: AbortSignal): AsyncGenerator<HostLoad, void, void>
  /** A fresh address of the panel, where one is served. */
  panelLink(): Promise<string> | null
  requestStop(): void
}

const noPanel = (): MoleError =>
  new MoleError('not-available', 'This engine serves no panel.', {
    field: 'panel',
    meaning: 'It was started for the command line.',
    nextStep: 'Run "mole serve" in its place.',
  })

/** What the panel and the command line may ask, and who answers it. */
export const makeHandlers = (parts: Parts): Handlers<AppContract> => {
  const { targets, deployment, telemetry, activity, traffic, profiles, configuration } = parts
  /** So that what it costs is told of a region, too, that no table here knows. */
  const knowPrices = async ({ aws }: DeploymentPlan): Promise<void> => {
    if (aws === null || aws.region === null) return
    await parts.prices.know({ profile: aws.profile, region: aws.region }, aws.instanceTypes)
  }
  const deploy = async (plan: DeploymentPlan, profile: string | null, id: string | null): Promise<{ id: string }> => {
    await parts.probe.leavesLab()
    const begun = await deployment.deploy(plan, profile, id)
    // Without waiting: nothing that is made depends on it.
    void knowPrices(plan)
    if (profile !== null) await configuration.tellWarnings(profile)
    return begun
  }
  return {
    'engine.hello': async () => parts.about,
    'engine.stop': async () => {
      parts.requestStop()
      return {}
    },
    'system.doctor': async () => ({ checks: await runDoctor() }),
    'panel.link': async () => {
      const link = parts.panelLink()
      if (link === null) throw noPanel()
      return { url: await link }
    },

    'targets.list': async () => ({ targets: await targets.list() }),
    'deployment.review': async ({ plan: asked, profile }) => {
      const { provider } = targets.cloudOf(asked)
      const plan = await provider.complete(asked)
      assertNetworksFree(plan, takenNetworks(plan))
      await knowPrices(plan)
      const review = await provider.review(plan)
      const warnings = profile === null ? [] : await configuration.warningsOf(profile)
      return { plan, ...review, warnings: [...review.warnings, ...warnings] }
    },
    'deployment.deploy': ({ plan, profile, id }) => deploy(plan, profile, id),
    'deployment.connect': async ({ profile }) => {
      const begun = await deploy(await configuration.planOf(profile), profile, null)
      // The deployment has begun, and does not depend on it.
      await configuration.tellNotProbed(profile).catch(() => undefined)
      return begun
    },
    'deployment.scale': ({ tunnels, bastions }) => deployment.scale(tunnels, bastions),
    'deployment.teardown': async () => {
      await parts.probe.giveWay()
      await deployment.teardown()
      return {}
    },
    'deployment.cancel': async () => {
      deployment.cancel()
      return {}
    },
    'deployment.watch': (_, { signal }) => deployment.views.stream(signal),
    'telemetry.watch': ({ historySeconds }, { signal }) => telemetry.stream(historySeconds, signal),
    'activity.watch': (_, { signal }) => activity.stream(signal),

    'traffic.start': async (order) => {
      const { helper, bastionId } = await deployment.carrier()
      traffic.start(order, helper, bastionId)
      return {}
    },
    'traffic.stop': async () => {
      traffic.stop()
      return {}
    },
    'traffic.watch': (_, { signal }) => traffic.stream(signal),
    'deployment.adjust': (change) => deployment.adjust(change),
    'deployment.rotate': ({ tunnels }) => deployment.rotate(tunnels),
    'autoscale.watch': (_, { signal }) => parts.autoscale.stream(signal),
    'flows.watch': (_, { signal }) => parts.flows.stream(signal),
    'host.watch': (_, { signal }) => parts.watchHostLoad(signal),
    'optimize.review': async ({ fromProbe }) => parts.optimize.review(fromProbe),
    'optimize.start': async (order) => {
      await parts.optimize.start(order)
      return {}
    },
    'optimize.stop': async () => {
      parts.optimize.stop()
      return {}
    },
    'optimize.watch': (_, { signal }) => parts.optimize.stream(signal),
    ...probeHandlers(
      parts.probe,
      configuration,
      () => targets.cloudOf({ target: 'aws' }).provider.probing,
      parts.prices,
      () => deployment.views.current().plan?.target ?? null,
    ),
    'lab.condition': async ({ tunnel, condition }) => {
      await deployment.setCondition(tunnel, condition)
      return {}
    },
    'lab.path': async ({ tunnel, state }) => {
      await deployment.breakPath(tunnel, state)
      return {}
    },
    ...parts.aws,
    'prices.table': async () => ({ document: parts.prices.document() }),
    'prices.refresh': async ({ profile, region }) => {
      const deployed = deployment.views.current().plan?.aws?.instanceTypes ?? []
      return parts.prices.refresh({ profile, region: region ?? (await regionOf(profile)) }, deployed)
    },
    ...parts.terraform,
    'tunnels.export': async () => ({ files: await deployment.exportTunnels() }),

    'profiles.watch': (_, { signal }) => profiles.stream(signal),
    'profiles.read': ({ name }) => profiles.read(name),
    'profiles.create': ({ name, text }) => profiles.create(name, text),
    'profiles.write': ({ name, text, revision }) => profiles.write(name, text, revision),
    'profiles.rename': async ({ name, to }) => {
      await profiles.rename(name, to)
      parts.uses.renamed(name, to)
      deployment.renameProfile(name, to)
      await profiles.refresh()
      return {}
    },
    'profiles.duplicate': async ({ name, to }) => {
      await profiles.duplicate(name, to)
      return {}
    },
    'profiles.delete': async ({ name, revision }) => {
      await profiles.remove(name, revision)
      return {}
    },
    'profiles.restore': ({ name }) => profiles.restore(name),
    'config.check': ({ text, name }) => configuration.check(text, name),
    'config.show': ({ profile }) => configuration.show(profile),
    'lab.world': () => observeLabWorld(parts.paths.lab),
  }
}
