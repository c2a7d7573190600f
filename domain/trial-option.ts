import { z } from 'zod'
import { TuningOption } from './tuning.ts'

/** What can be tried while a deployment is up: tuning of its host, and how many tunnels there are and how they carry. */
export const TrialOption = z.enum([...TuningOption.options, 'tunnels', 'mptcp'])
export type TrialOption = z.infer<typeof TrialOption>
