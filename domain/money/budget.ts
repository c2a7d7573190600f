/** Shares of the budget, in percent, at which somebody is told. */
export const ALERT_LEVELS = [50, 80, 100] as const
export type AlertLevel = (typeof ALERT_LEVELS)[number]

/**
 * Levels newly reached. A level is told once: give the highest one told so far.
 * @param before highest level told, 0 for none
 * @param share of the budget that is used now, 1 is all of it
 */
export const alertsCrossed = (before: number, share: number): AlertLevel[] =>
  // Dollars are sums of fractions: a budget used up to the last cent is used up.
  ALERT_LEVELS.filter((level) => level > before && share * 100 >= level - 1e-9)
