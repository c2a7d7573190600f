import { type AwsError, awsError, speaksJson } from './aws-answer.ts'
import type { AwsCall } from './aws-call.ts'

type What =
  /** The request never arrives. */
  | { readonly kind: 'drop-before' }
  /** The request is carried out, its answer never arrives. */
  | { readonly kind: 'lost-reply' }
  | { readonly kind: 'answer'; readonly error: AwsError }
  /** This share of the requests, 0–1, is refused as too many; the same ones each time for the same seed. */
  | { readonly kind: 'throttle'; readonly share: number; readonly seed?: number }
  /** The answer ends in the middle, as if all of it had come. */
  | { readonly kind: 'truncate' }
  /** What the request makes cannot be seen for this long. */
  | { readonly kind: 'delay-visibility'; readonly forMs: number }

export type Fault = What & {
  /** The only action it strikes; default: every one. */
  readonly action?: string
  readonly when?: (call: AwsCall) => boolean
  /** How often it strikes; default: once, `throttle` for good. */
  readonly times?: number
}

export type StruckFault = {
  /** How often it has struck. */
  strikes(): number
  remove(): void
}

/** Numbers in [0, 1) that are the same for the same seed (Mulberry32, public domain). */
const randomNumbers = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** EC2 says `RequestLimitExceeded`, the others `Throttling` or `ThrottlingException`. */
export const throttled = (call: AwsCall): AwsError =>
  call.service === 'ec2'
    ? awsError('RequestLimitExceeded', 'Request limit exceeded.')
    : speaksJson(call)
      ? awsError('ThrottlingException', 'Rate exceeded')
      : { code: 'Throttling', message: 'Rate exceeded', status: 400 }

/** The faults in force, in the order in which they were added; the first that strikes a call is its only one. */
export const makeFaults = () => {
  const active: { readonly fault: Fault; readonly random: () => number; strikes: number }[] = []
  const limitOf = (fault: Fault): number => fault.times ?? (fault.kind === 'throttle' ? Number.POSITIVE_INFINITY : 1)

  return {
    add: (fault: Fault): StruckFault => {
      const entry = { fault, random: randomNumbers(fault.kind === 'throttle' ? (fault.seed ?? 1) : 1), strikes: 0 }
      active.push(entry)
      return {
        strikes: () => entry.strikes,
        remove: () => void (active.includes(entry) && active.splice(active.indexOf(entry), 1)),
      }
    },
    /** The fault that strikes this call; `null` when none does. */
    strike: (call: AwsCall): Fault | null => {
      for (const entry of active) {
        const { fault, random } = entry
        if (entry.strikes >= limitOf(fault)) continue
        if (fault.action !== undefined && fault.action !== call.action) continue
        if (fault.when?.(call) === false) continue
        if (fault.kind === 'throttle' && random() >= fault.share) continue
        entry.strikes += 1
        return fault
      }
      return null
    },
    clear: (): void => void active.splice(0),
  }
}
