/** A price that began at a moment. */
export type PriceFrom = { readonly fromMs: number; readonly usdPerHour: number }

/** A machine that was paid for, from its launch to its end. */
export type MachineSpan = {
  readonly instanceType: string
  readonly market: 'on-demand' | 'spot'
  /** What it cost as a Spot instance, as far as that was seen, the oldest first. */
  readonly spotPrices: readonly PriceFrom[]
  readonly launchedAtMs: number
  /** `null` while it runs, or is not known to have ended. */
  readonly endedAtMs: number | null
}

/** EC2, EBS and public addresses are billed by the second, a minute at least (aws.amazon.com/ec2/pricing, "Per-second billing"). */
const LEAST_SECONDS = 60

/** Seconds that are billed of a machine by `nowMs`. */
export const billedSeconds = ({ launchedAtMs, endedAtMs }: MachineSpan, nowMs: number): number =>
  Math.max(LEAST_SECONDS, Math.ceil(((endedAtMs ?? nowMs) - launchedAtMs) / 1000))

/**
 * US dollars of a Spot instance by `nowMs`, each stretch at the price that was seen then; before the first at the
 * first. `null` where none was ever seen.
 */
export const spotUsd = (span: MachineSpan, nowMs: number): number | null => {
  const [first, ...later] = span.spotPrices
  if (first === undefined) return null
  const startMs = span.launchedAtMs
  const endMs = startMs + billedSeconds(span, nowMs) * 1000
  const prices = [{ ...first, fromMs: startMs }, ...later]
  return prices.reduce((usd, { fromMs, usdPerHour }, index) => {
    const untilMs = Math.min(endMs, prices[index + 1]?.fromMs ?? endMs)
    return usd + (Math.max(0, untilMs - Math.max(startMs, fromMs)) / 3_600_000) * usdPerHour
  }, 0)
}
