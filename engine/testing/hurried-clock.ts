import { type Clock, systemClock } from '../clock.ts'

/** A clock on which everything takes `factor` times longer than it does: seconds of patience pass in milliseconds. */
export const hurriedClock = (factor = 50): Clock => ({
  wallMs: () => systemClock.wallMs(),
  monotonicMs: () => systemClock.monotonicMs() * factor,
  sleep: (ms, signal) => systemClock.sleep(ms / factor, signal),
})
