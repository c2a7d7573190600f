import type { AppContract, DeploymentView } from '../contract/app.ts'
import type { Client } from '../contract/define.ts'
import { openLabEngine } from '../engine/testing/lab-engine.ts'

export type Engine = Client<AppContract>

/** Runs `work` against a real engine with a home of its own, and removes everything of it afterwards. */
export const withEngine = async (work: (engine: Engine) => Promise<void>): Promise<void> => {
  const { engine, close } = await openLabEngine()
  try {
    await work(engine)
  } finally {
    await tearDown(engine).catch((error: unknown) => console.error(error))
    await close()
  }
}

/** Follows the running act to its end. @throws when it did not end as asked. */
export const awaitAct = async (engine: Engine): Promise<DeploymentView> => {
  for await (const view of engine.stream('deployment.watch', {})) {
    if (view.act === null || view.act.state === 'running') continue
    if (view.act.state === 'done') return view
    throw new Error(`${view.act.verb} ${view.act.state}: ${JSON.stringify(view.problem)}`)
  }
  throw new Error('the engine went away')
}

/** Deploys in the lab and waits until connected. */
export const deploy = async (engine: Engine, tunnels: number): Promise<DeploymentView> => {
  await engine.call('deployment.deploy', { plan: { target: 'lab', tunnels } })
  return awaitAct(engine)
}

/** Takes everything away and waits until that is proven. */
export const tearDown = async (engine: Engine): Promise<void> => {
  await engine.call('deployment.teardown', {})
  await awaitAct(engine)
}
