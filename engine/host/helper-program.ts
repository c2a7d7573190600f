import { dirname, join } from 'node:path'
import { entryPoint } from '../paths.ts'
import type { HelperProgram } from './start-helper.ts'

/** Inside Electron our own binary is Electron: told so, it is Node and nothing else. */
const nodeEnvironment = (): Readonly<Record<string, string>> =>
  process.versions.electron === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' }

/** The helper that came with this program, run by this very Node. */
export const helperProgram = (): HelperProgram => ({
  node: process.execPath,
  entry: entryPoint('helper'),
  env: nodeEnvironment(),
})

/** The program that measures, and that answers those who do. It lies beside the helper: as source, or built. */
export const measuringProgram = (helperEntry: string): string =>
  join(dirname(helperEntry), helperEntry.endsWith('.ts') ? 'probe/main.ts' : 'probe.js')
