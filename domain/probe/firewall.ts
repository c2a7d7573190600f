import { z } from 'zod'

/** One line of what a campus network group is asked to let through. Addresses and ports are exact or say what they are. */
export const FirewallRule = z.strictObject({
  /** What it is for: "WireGuard tunnels", "measuring". */
  purpose: z.string(),
  protocol: z.enum(['UDP', 'TCP', 'ICMP']),
  from: z.string(),
  fromPorts: z.string(),
  to: z.string(),
  toPorts: z.string(),
  note: z.string(),
})
export type FirewallRule = z.infer<typeof FirewallRule>
