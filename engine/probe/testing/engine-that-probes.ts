import { type AppContract, appContract } from '../../../contract/app.ts'
import { connect } from '../../../contract/connect.ts'
import type { Client } from '../../../contract/define.ts'
import { memoryPorts } from '../../../contract/ports/memory.ts'
import { serve } from '../../../contract/serve.ts'
import { hostEngine } from '../../host-engine.ts'
import { type Paths, resolvePaths } from '../../paths.ts'

/* A program of its own, to be killed: it transfers to the lab's probe site for a minute, and says when it does. */

const home = process.argv[2] ?? ''
const paths: Paths = resolvePaths({
  XDG_RUNTIME_DIR: home,
  XDG_STATE_HOME: `${home}/s`,
  XDG_CONFIG_HOME: `${home}/c`,
})
const { engine } = await hostEngine({ paths, version: '0.0.0', endWhenIdle: false, environment: {} })
const [near, far] = memoryPorts()
serve(appContract, engine.handlers, far)
const client: Client<AppContract> = connect(appContract, near)
await client.call('probe.start', { target: { kind: 'lab' }, parts: ['bandwidth'], seconds: 60 })
for await (const report of client.stream('probe.watch', {}))
  if (report !== null && (report.state !== 'running' || report.bandwidth.doing.startsWith('Upload'))) {
    process.stdout.write(`${report.state}\n`)
    break
  }
