import { z } from 'zod'

/** When the number of tunnels changes by itself. The defaults are the specification's. */
export const Autoscale = z.strictObject({
  enabled: z.boolean().default(false),
  /** Utilisation above which tunnels are added, 0–1. */
  upThreshold: z.number().min(0).max(1).default(0.8),
  /** Utilisation below which tunnels are removed, 0–1. */
  downThreshold: z.number().min(0).max(1).default(0.3),
  intervalMs: z.int().min(1000).default(30_000),
  upCooldownMs: z.int().min(0).default(120_000),
  downCooldownMs: z.int().min(0).default(600_000),
  /** Bytes of one flow from which it is an elephant. */
  elephantBytes: z.number().min(1).default(104_857_600),
})
export type Autoscale = z.infer<typeof Autoscale>
