import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const HELPER = fileURLToPath(new URL('../../helper/main.ts', import.meta.url))

/**
 * Starts the helper once, wrongly, so that it ends in order and leaves what was compiled of it (NODE_COMPILE_CACHE): those of the
 * tests are killed as a rule, and would each compile it anew.
 */
export default () => {
  if (process.env.NODE_COMPILE_CACHE !== undefined)
    spawnSync(process.execPath, [HELPER], { stdio: 'ignore', timeout: 30_000 })
}
