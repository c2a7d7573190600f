import { TUNED_FEATURES, type TunedFeature } from './setting.ts'

/* What `ethtool(8)` says of a card. Its text is older than its JSON, and every version prints it. */

/** A maximum and what is set. */
export type Range = { readonly max: number; readonly now: number }
export type FeatureFacts = { readonly isOn: boolean; readonly isFixed: boolean }

const sectionsOf = (stdout: string): [maximums: string, current: string] => {
  const at = stdout.indexOf('Current hardware settings')
  return at < 0 ? ['', ''] : [stdout.slice(0, at), stdout.slice(at)]
}

const numberIn = (section: string, label: string): number | null => {
  const text = new RegExp(`^${label}:\\s+([0-9]+)`, 'm').exec(section)?.[1]
  return text === undefined ? null : Number(text)
}

const rangeOf = (stdout: string, label: string): Range | null => {
  const [maximums, current] = sectionsOf(stdout)
  const [max, now] = [numberIn(maximums, label), numberIn(current, label)]
  return max === null || now === null || max === 0 ? null : { max, now }
}

/** Combined queues, of `ethtool -l`; `null` where the card has none. Pure. */
export const parseChannels = (stdout: string): Range | null => rangeOf(stdout, 'Combined')

/** Receive and send rings, of `ethtool -g`; `null` where the card does not tell both. Pure. */
export const parseRings = (stdout: string): { readonly rx: Range; readonly tx: Range } | null => {
  const [rx, tx] = [rangeOf(stdout, 'RX'), rangeOf(stdout, 'TX')]
  return rx === null || tx === null ? null : { rx, tx }
}

/** The features we know, of `ethtool -k`. Pure. */
export const parseFeatures = (stdout: string): Partial<Record<TunedFeature, FeatureFacts>> =>
  Object.fromEntries(
    stdout.split('\n').flatMap((line) => {
      const [, name, state, rest = ''] = /^\s*([a-z0-9-]+): (on|off)(.*)$/.exec(line) ?? []
      const feature = TUNED_FEATURES.find((known) => known === name)
      return feature === undefined ? [] : [[feature, { isOn: state === 'on', isFixed: rest.includes('[fixed]') }]]
    }),
  )

/** Canonical value of both rings. Pure. */
export const renderRings = (rx: number, tx: number): string => `rx ${rx} tx ${tx}`
