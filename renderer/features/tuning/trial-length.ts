import { useState } from 'react'

/** How thoroughly is measured, while it is being written. */
export type TrialLength = {
  readonly pairs: number | string
  readonly seconds: number | string
  setPairs(pairs: number | string): void
  setSeconds(seconds: number | string): void
  readonly isSound: boolean
  /** As it is ordered, once it is sound. */
  readonly order: { readonly pairs: number; readonly seconds: number }
  /** How long so many options take, ms. */
  takesMs(options: number): number
}

const within = (value: number | string, least: number, most: number): boolean =>
  value !== '' && Number.isInteger(Number(value)) && Number(value) >= least && Number(value) <= most

export const arePairsSound = (pairs: number | string): boolean => within(pairs, 2, 20)
export const areSecondsSound = (seconds: number | string): boolean => within(seconds, 1, 60)

export const useTrialLength = (): TrialLength => {
  const [pairs, setPairs] = useState<number | string>(3)
  const [seconds, setSeconds] = useState<number | string>(5)
  return {
    pairs,
    seconds,
    setPairs,
    setSeconds,
    isSound: arePairsSound(pairs) && areSecondsSound(seconds),
    order: { pairs: Number(pairs), seconds: Number(seconds) },
    takesMs: (options) => options * Number(pairs) * 2 * Number(seconds) * 1000,
  }
}
