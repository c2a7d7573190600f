/** One tunnel that is to carry, by its lane number. */
export type Member = {
  readonly number: number
  readonly isDead: boolean
  /** Something came back just now. */
  readonly isAnswering: boolean
}

/**
 * Which tunnels are to be out of the route. A dead one leaves it only while another answers: where nothing answers at all
 * (the uplink is cut, say) moving flows would help nobody, so everything stays as it was, and is there when the network is.
 * Never all. Pure.
 */
export const judgeBundle = (members: readonly Member[], outNow: ReadonlySet<number>): Set<number> => {
  const dead = members.filter(({ isDead }) => isDead).map(({ number }) => number)
  const hasBetter = members.some(({ isDead, isAnswering }) => !isDead && isAnswering)
  const out = hasBetter ? dead : dead.filter((number) => outNow.has(number))
  return new Set(out.length < members.length ? out : [])
}
