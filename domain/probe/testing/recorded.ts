import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Found } from '../analyse.ts'
import { BandwidthResult } from '../bandwidth.ts'
import { InterfaceFacts } from '../interface.ts'
import { LatencyResult, MtuResult } from '../path.ts'

/** What the measuring program found in the lab, of paths whose truth is known; of more than two flows of a run two are kept. */
const Recorded = z.strictObject({
  interface: InterfaceFacts.nullable(),
  mtu: MtuResult,
  latency: LatencyResult,
  bandwidth: BandwidthResult,
})

const DIRECTORY = join(import.meta.dirname, '../recorded')

export const recorded = (name: string): Found => ({
  ...Recorded.parse(JSON.parse(readFileSync(join(DIRECTORY, `${name}.json`), 'utf8'))),
  atMs: Date.UTC(2026, 10, 21),
})
