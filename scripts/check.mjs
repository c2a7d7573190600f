import { join } from 'node:path'
import { run } from './setup/run.mjs'
import { command, NODE, ROOT, setUpDependencies } from './setup/set-up.mjs'

/** `npm run check`: everything that can be said about the code without building or namespaces. */
await command(async () => {
  await setUpDependencies()
  const argv = [join(ROOT, 'scripts/test/run-parts.mjs'), 'checks', 'unit']
  return (await run(NODE, argv, { cwd: ROOT, foreground: true })).code
})
