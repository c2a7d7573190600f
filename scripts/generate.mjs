import { join } from 'node:path'
import { run } from './setup/run.mjs'
import { command, NODE, ROOT, setUpDependencies } from './setup/set-up.mjs'

/** `npm run generate`: the committed files that are made from the code, anew. */
await command(async () => {
  await setUpDependencies()
  return (await run(NODE, [join(ROOT, 'scripts/generate/write.mjs')], { cwd: ROOT, foreground: true })).code
})
