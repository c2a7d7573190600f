/**
 * Sets of cores as the kernel writes them: lists such as `0-3,8` (`cpuset(7)`, "List format") and masks in hexadecimal
 * words of 32 bits such as `00000001,0000000f` ("Mask format").
 */

const ascending = (cores: readonly number[]): number[] => [...new Set(cores)].toSorted((a, b) => a - b)

/** Cores of a list; `[]` for an empty one. Pure. */
export const parseCoreList = (text: string): number[] =>
  ascending(
    text
      .trim()
      .split(',')
      .filter((part) => part !== '')
      .flatMap((part) => {
        const [first = 0, last = first] = part.split('-').map(Number)
        return Array.from({ length: last - first + 1 }, (_, at) => first + at)
      }),
  )

/** The shortest list of these cores. Pure. */
export const renderCoreList = (cores: readonly number[]): string =>
  ascending(cores)
    .reduce<[number, number][]>((ranges, core) => {
      const last = ranges.at(-1)
      if (last !== undefined && last[1] === core - 1) last[1] = core
      else ranges.push([core, core])
      return ranges
    }, [])
    .map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`))
    .join(',')

const WORD_BITS = 32

/** Cores of a mask. Pure. */
export const parseCoreMask = (text: string): number[] =>
  text
    .trim()
    .split(',')
    .toReversed()
    .flatMap((word, nth) => {
      const bits = Number.parseInt(word, 16)
      return Array.from({ length: WORD_BITS }, (_, bit) => bit).flatMap((bit) =>
        (bits / 2 ** bit) % 2 >= 1 ? [nth * WORD_BITS + bit] : [],
      )
    })

/** The mask of these cores; `0` for none. Pure. */
export const renderCoreMask = (cores: readonly number[]): string => {
  const words = Math.floor(Math.max(0, ...cores) / WORD_BITS) + 1
  const word = (nth: number): number =>
    ascending(cores)
      .filter((core) => Math.floor(core / WORD_BITS) === nth)
      .reduce((sum, core) => sum + 2 ** (core % WORD_BITS), 0)
  return Array.from({ length: words }, (_, nth) =>
    word(nth)
      .toString(16)
      .padStart(nth === words - 1 ? 1 : 8, '0'),
  )
    .toReversed()
    .join(',')
}
