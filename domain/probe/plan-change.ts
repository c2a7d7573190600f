import { z } from 'zod'

/** One way in which a plan would be another by what a probe recommends. */
export const PlanChange = z.strictObject({
  /** For people: "Tunnels". */
  what: z.string(),
  /** The configuration's key it belongs to. */
  key: z.string(),
  /** As people read them: "4", "off", "1420 bytes". */
  now: z.string(),
  next: z.string(),
  /** One sentence. */
  reason: z.string(),
  /** Whether it can be had while the deployment is up, or only by taking it down and up again. */
  when: z.enum(['live', 'next-up']),
})
export type PlanChange = z.infer<typeof PlanChange>
