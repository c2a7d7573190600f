import type { Cause } from './decision.ts'

/** What ought to be done at a look, or why not. `reason` is a whole sentence. */
export type Wish =
  | { readonly action: 'up' | 'down'; readonly to: number; readonly reason: string; readonly isPressed: boolean }
  | { readonly action: 'hold'; readonly cause: Cause; readonly reason: string }
