import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { command, ROOT, setUpClone } from './setup/set-up.mjs'

/** `npm run build`: every program, anew. */
await command(async () => {
  rmSync(join(ROOT, 'dist/.mole-build'), { force: true })
  await setUpClone()
  return 0
})
