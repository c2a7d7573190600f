import type { AppContract, DeploymentView } from '../contract/app.ts'
import type { Handlers } from '../contract/define.ts'
import type { PriceTable } from '../domain/planner/price-table.ts'
import { openActivity } from './activity.ts'
import { openAutoscale } from './autoscale/autoscale.ts'
import { type Clock, systemClock } from './clock.ts'
import { openAwsAccount } from './cloud/aws/account.ts'
import type { CloudProvider, HelperClient } from './cloud/provider.ts'
import { openTerraform } from './cloud/terraform/terraform.ts'
import { openConfiguration } from './config/configuration.ts'
import type { Environment } from './config/environment.ts'
import { type Cloud, openDeployment } from './deployment/deployment.ts'
import { resume } from './deployment/resume.ts'
import { openStandingTopic } from './deployment/standing-topic.ts'
import { openFlows } from './flows/flows.ts'
import { makeHandlers } from './handlers.ts'
import { helperProgram } from './host/helper-program.ts'
import type { HelperProgram } from './host/start-helper.ts'
import { watchHostLoad } from './host/watch-load.ts'
import type { Log } from './log.ts'
import { followMoney } from './money/follow-money.ts'
import { openMoney } from './money/money.ts'
import { openGround } from './optimize/ground.ts'
import { openOptimize } from './optimize/optimize.ts'
import type { Paths } from './paths.ts'
import { askAws } from './prices/ask-aws.ts'
import { openPrices } from './prices/prices.ts'
import { targetChecker } from './probe/check-target.ts'
import { openProbe } from './probe/probe.ts'
import { recoverLab } from './probe/recover-lab.ts'
import { type Measure, openMeasurement } from './probe/run-measurement.ts'
import { targetMaker } from './probe/targets/open-target.ts'
import { problemOf } from './problem.ts'
import { openProfileUses } from './profile-uses.ts'
import { openProfiles } from './profiles/profiles.ts'
import type { DeploymentRecord } from './store/deployment-table.ts'
import { openStore } from './store/store.ts'
import { openTargets } from './targets.ts'
import { openTelemetry } from './telemetry/telemetry.ts'
import { openTraffic } from './traffic.ts'

/** Makes the clouds, given the price table in force whenever it is asked for. */
export type MakeProviders = (prices: () => PriceTable) => readonly CloudProvider[]

export type EngineOptions = {
  readonly paths: Paths
  /** The first is asked for leftovers when nothing is recorded. */
  readonly providers: MakeProviders
  readonly log: Log
  readonly version: string
  /** Whose `MOLE_*` variables are part of the configuration; none when left out. */
  readonly environment?: Environment
  readonly clock?: Clock
  /** How the helper is run, beside which the program that measures lies; default: by this very Node. */
  readonly program?: HelperProgram
  /** In place of that program; for tests. */
  readonly measure?: Measure
}

export type Engine = {
  /** For `serve(appContract, handlers, port)`, on any port. */
  readonly handlers: Handlers<AppContract>
  /** How the deployment stands now, as `deployment.watch` would say first. */
  view(): DeploymentView
  /** Nothing is deployed and nothing is going on. */
  isIdle(): boolean
  /** Calls `listener` whenever `view` or `isIdle` may have changed; returns what ends it. */
  onChange(listener: () => void): () => void
  /** Calls `listener` when somebody asked for the engine's end (`engine.stop`). */
  onStopRequested(listener: () => void): void
  /** Says where the panel is; `panel.link` answers with it from then on. */
  providePanel(link: () => Promise<string>): void
  /** Ends the engine; tunnels stay up. An act going on is left as it stands, for the next engine to see. */
  close(): Promise<void>
}

/**
 * Composes the engine over its store. The caller holds the engine lock and has called `ensurePaths`.
 * @throws MoleError `not-available` when the database is of a newer format or cannot be used.
 */
export const startEngine = async (options: EngineOptions): Promise<Engine> => {
  const { paths, log, version, clock = systemClock } = options
  const startedAtMs = clock.wallMs()
  const store = openStore(paths.database, startedAtMs)
  const activity = openActivity(store, clock)
  if (store.setAside !== null) {
    log.error({ setAside: store.setAside }, 'the database was damaged and was set aside')
    activity.add(
      'error',
      'store.set-aside',
      `The database was damaged; it was moved to ${store.setAside}. What it recorded is forgotten.`,
    )
  }

  const prices = await openPrices({ paths, clock, activity, ask: askAws(clock) })
  const targets = openTargets(options.providers(prices.table))
  const telemetry = openTelemetry(clock, log)
  const traffic = openTraffic(clock, log, activity)
  const lab = (): Cloud => targets.cloudOf({ target: 'lab' })
  await recoverLab(store, lab, log)
  const found = await resume(
    store,
    async (record) => (record === null ? targets.withResidue() : targets.cloudOf(record.plan)),
    startedAtMs,
    log,
  )
  if (found.problem !== null) activity.add('warning', 'engine.found', found.problem.message)
  const standing = openStandingTopic(found)
  const configuration = openConfiguration({ paths, environment: options.environment ?? {}, activity })
  const uses = openProfileUses(store, clock, log)
  const profiles = openProfiles({
    paths,
    clock,
    log,
    activity,
    lastConnected: uses.last,
    summarise: configuration.summarise,
  })
  const onConnected = ({ profile }: DeploymentRecord): void => {
    if (profile === null) return
    uses.connected(profile)
    void profiles.refresh()
  }
  const onRemoving = (): void => {
    traffic.stop()
    optimize.stop()
  }
  const books = openMoney({
    store,
    recorded: found.record,
    clock,
    activity,
    readTable: prices.table,
    onBudgetUsed: () => deployment.teardown(),
  })
  const money = followMoney(books, clock, (sum) => standing.set({ money: sum }))
  const deployment = openDeployment({
    store,
    clock,
    log,
    activity,
    standing,
    telemetry,
    cloudOf: targets.cloudOf,
    withResidue: targets.withResidue,
    onConnected,
    onRemoving,
    ...money,
  })

  const probeInTheWay = (): string | null =>
    probe.isOnDeployment() ? 'A probe is being measured, which is not to be disturbed.' : null
  const ground = openGround({ deployment, standing, store, clock, busyWith: probeInTheWay })
  const optimize = openOptimize(clock, log, activity, ground)
  deployment.views.listen(optimize.refresh)
  if (found.record?.desired === 'up') void optimize.recover().catch((error: unknown) => void problemOf(error, log))
  const probe = openProbe({
    store,
    clock,
    log,
    activity,
    version,
    measure: options.measure ?? openMeasurement(paths.lab, options.program ?? helperProgram()),
    maker: targetMaker({ lab, deployment, bastions: () => targets.cloudOf({ target: 'aws' }).provider.probing }),
    checkTarget: targetChecker({ cloudOf: targets.cloudOf, deployment, optimize }),
    prices: prices.document,
  })
  const findHelper = async (): Promise<HelperClient> => (await deployment.carrier()).helper
  const flows = openFlows({ clock, log, ask: deployment.askFlows })
  const autoscale = openAutoscale({
    standing,
    telemetry,
    store,
    clock,
    activity,
    log,
    seeFlows: flows.see,
    scale: deployment.scaleUnasked,
    busyWith: () => {
      if (optimize.isRunning()) return 'Tuning is being measured, which is not to be disturbed.'
      return probe.isOnDeployment() ? 'A probe is being measured, which is not to be disturbed.' : null
    },
  })

  let panel: (() => Promise<string>) | null = null
  const stopListeners = new Set<() => void>()
  const idHere = (): string | null => standing.get().record?.id ?? null
  const handlers = makeHandlers({
    about: { version, pid: process.pid, startedAtMs },
    paths,
    targets,
    deployment,
    telemetry,
    activity,
    traffic,
    optimize,
    probe,
    watchHostLoad: (signal) => watchHostLoad(findHelper, clock, log, signal),
    flows,
    autoscale,
    prices,
    aws: openAwsAccount({ clock, idsHere: () => [idHere(), probe.tag()].filter((id) => id !== null) }),
    terraform: openTerraform({ root: paths.terraform, cloudOf: targets.cloudOf, idHere }),
    profiles,
    uses,
    configuration,
    panelLink: () => panel?.() ?? null,
    requestStop: () => {
      for (const listener of stopListeners) listener()
    },
  })

  return {
    handlers,
    view: deployment.views.current,
    isIdle: () => deployment.isIdle() && !probe.isBusy(),
    onChange: (listener) => {
      const ends = [deployment.views.listen(listener), probe.listen(listener)]
      return () => {
        for (const end of ends) end()
      }
    },
    onStopRequested: (listener) => void stopListeners.add(listener),
    providePanel: (link) => {
      panel = link
    },
    close: async () => {
      autoscale.close()
      traffic.stop()
      await optimize.close()
      await probe.close()
      await deployment.close()
      telemetry.stop()
      await profiles.close()
      targets.release()
      activity.close()
      store.close()
    },
  }
}
