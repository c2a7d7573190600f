/** An amount of US dollars for people: cents, and below a dollar what a cent would hide. `–` where it is not known. */
export const renderDollars = (usd: number | null): string => {
  if (usd === null) return '–'
  return `$${usd.toFixed(usd !== 0 && Math.abs(usd) < 1 ? 4 : 2)}`
}
