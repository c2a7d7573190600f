import { readFileSync } from 'node:fs'
import { makeExecutor } from '../execute.ts'
import { openKeys } from '../keys.ts'
import type { Effect } from '../operation.ts'
import { thisSystem } from '../system.ts'

/* Run inside a world: carries out the effects of stdin with the real runner, sockets and key files. */

const { keyDirectory, effects } = JSON.parse(readFileSync(0, 'utf8')) as { keyDirectory: string; effects: Effect[] }
await makeExecutor(thisSystem, openKeys(keyDirectory)).execute(effects)
