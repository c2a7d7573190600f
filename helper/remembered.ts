/** What was found once stays so; but that something is missing, or a look that failed, is looked at anew. */
export const remembered = <T extends string>(look: () => Promise<T>): (() => Promise<T>) => {
  let known: Promise<T> | null = null
  return async () => {
    const asked = known ?? look()
    known = asked
    const found = await asked.catch(() => 'missing')
    if (found === 'missing' && known === asked) known = null
    return asked
  }
}
