import type { ProfileSummary } from './app.ts'

type Offered = Pick<ProfileSummary, 'name' | 'lastConnectedAtMs' | 'plan'>

/** Profiles that can be connected as they are, the one connected last first, then by name. */
export const connectableProfiles = <T extends Offered>(profiles: readonly T[]): T[] =>
  profiles
    .filter(({ plan }) => plan !== null)
    .toSorted((a, b) => (b.lastConnectedAtMs ?? 0) - (a.lastConnectedAtMs ?? 0) || (a.name < b.name ? -1 : 1))
