import { basename } from 'node:path'
import type { DamagedProfile } from '../../contract/app.ts'
import type { Activity } from '../activity.ts'
import type { ProfileListing } from './profile-files.ts'

const told = ({ name, movedTo, hasBackup }: DamagedProfile): string =>
  `The file of the profile "${name}" held no text and was moved to ${basename(movedTo)}. ${
    hasBackup ? 'Its earlier text can be restored.' : 'There is no earlier text of it.'
  }`

/** Tells each thing once: a profile that was set aside, by whomever, and a directory that others can write in. */
export const openAnnouncements = (activity: Pick<Activity, 'add'>): ((listing: ProfileListing) => void) => {
  const known = new Set<string>()
  let isFirst = true
  let warned: string | null = null
  return ({ damaged, setAside, warning }) => {
    // What was set aside before this engine started was told by then.
    if (isFirst) for (const { movedTo } of damaged) known.add(movedTo)
    if (isFirst) for (const { movedTo } of setAside) known.delete(movedTo)
    isFirst = false
    for (const each of damaged) {
      if (known.has(each.movedTo)) continue
      known.add(each.movedTo)
      activity.add('error', 'profiles.set-aside', told(each))
    }
    if (warning !== null && warning !== warned) activity.add('warning', 'profiles.open-to-others', warning)
    warned = warning
  }
}
