import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type AppContract, appContract, type DeploymentView } from '../../contract/app.ts'
import { connect } from '../../contract/connect.ts'
import type { Client } from '../../contract/define.ts'
import { memoryPorts } from '../../contract/ports/memory.ts'
import { serve } from '../../contract/serve.ts'
import type { Environment } from '../config/environment.ts'
import { type Engine, startEngine } from '../engine.ts'
import { silentLog } from '../log.ts'
import { ensurePaths, type Paths, resolvePaths } from '../paths.ts'
import { type FakeMeasure, openFakeMeasure } from '../probe/testing/fake-measure.ts'
import { type FakeWorld, openFakeWorld, until } from './fake-world.ts'
import { hurriedClock } from './hurried-clock.ts'

/** An engine over the fake world, with one client over the real contract that follows its views. */
export type Panel = {
  readonly engine: Engine
  readonly client: Client<AppContract>
  /** Every view so far, oldest first. */
  readonly views: DeploymentView[]
  view(): DeploymentView
  /** Waits for the end of the newest act, and gives the view then. */
  settled(): Promise<DeploymentView>
  reaches(phase: DeploymentView['phase']): Promise<DeploymentView>
}

export type Fixture = {
  readonly world: FakeWorld
  readonly measuring: FakeMeasure
  readonly paths: Paths
  /** Starts an engine, with variables of the environment; the one before is dropped, not closed, as if killed. */
  start(environment?: Environment): Promise<Panel>
  /** One more client of the same engine. */
  attach(engine: Engine): Promise<Panel>
  cleanUp(): Promise<void>
}

const follow = async (client: Client<AppContract>, views: DeploymentView[]): Promise<void> => {
  try {
    for await (const view of client.stream('deployment.watch', {})) views.push(view)
  } catch {
    // The engine was dropped or closed: the views so far are what the test looks at.
  }
}

const isOver = (view: DeploymentView): boolean => view.act !== null && view.act.state !== 'running'

const openPanel = async (engine: Engine): Promise<Panel> => {
  const [ours, theirs] = memoryPorts()
  serve(appContract, engine.handlers, theirs)
  const client = connect(appContract, ours)
  const views: DeploymentView[] = []
  void follow(client, views)
  await until(() => views.length > 0)
  const view = (): DeploymentView => views.at(-1) as DeploymentView
  return {
    engine,
    client,
    views,
    view,
    // The stream may be a turn behind the answer to a call: the engine's own view says which act is the newest.
    settled: () => until(() => isOver(view()) && isDeepStrictEqual(view(), engine.view()) && view()),
    reaches: (phase) => until(() => view().phase === phase && view()),
  }
}

/** @param hurry how much longer everything takes on the engine's clock than it does */
export const openFixture = async (hurry?: number): Promise<Fixture> => {
  const home = await mkdtemp(join(tmpdir(), 'mole-'))
  const paths = resolvePaths({ HOME: home, XDG_RUNTIME_DIR: home })
  await ensurePaths(paths)
  const world = openFakeWorld()
  const measuring = openFakeMeasure()
  const started: Panel[] = []
  return {
    world,
    measuring,
    paths,
    start: async (environment = {}) => {
      const engine = await startEngine({
        paths,
        providers: () => [world.provider],
        log: silentLog,
        version: '0.0.0',
        clock: hurriedClock(hurry),
        environment,
        measure: measuring.measure,
      })
      const panel = await openPanel(engine)
      started.push(panel)
      return panel
    },
    attach: async (engine) => {
      const panel = await openPanel(engine)
      started.push(panel)
      return panel
    },
    cleanUp: async () => {
      world.gate = async () => undefined
      for (const { engine, client } of started) {
        client.close()
        await engine.close()
      }
      await rm(home, { recursive: true, force: true })
    },
  }
}
