import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AppContract, appContract } from '../../contract/app.ts'
import { connect } from '../../contract/connect.ts'
import type { Client } from '../../contract/define.ts'
import { memoryPorts } from '../../contract/ports/memory.ts'
import { serve } from '../../contract/serve.ts'
import type { Environment } from '../config/environment.ts'
import { hostEngine } from '../host-engine.ts'
import { resolvePaths } from '../paths.ts'

/** A real engine in this process, with a home of its own. */
export type LabEngine = {
  readonly engine: Client<AppContract>
  /** Ends it and removes its home. What it deployed is to be taken down before. */
  readonly close: () => Promise<void>
}

/** Opens one, with variables of this process unless others are given. */
export const openLabEngine = async (environment: Environment = process.env): Promise<LabEngine> => {
  const home = mkdtempSync(join(tmpdir(), 'mole-'))
  const paths = resolvePaths({ XDG_RUNTIME_DIR: home, XDG_STATE_HOME: `${home}/s`, XDG_CONFIG_HOME: `${home}/c` })
  const hosted = await hostEngine({ paths, version: '0.0.0', endWhenIdle: false, environment })
  const [near, far] = memoryPorts()
  serve(appContract, hosted.engine.handlers, far)
  const engine = connect(appContract, near)
  return {
    engine,
    close: async () => {
      engine.close()
      await hosted.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
