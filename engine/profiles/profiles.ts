import { isDeepStrictEqual } from 'node:util'
import type { ProfileSummary, Profiles as ProfilesView } from '../../contract/app.ts'
import type { Activity } from '../activity.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Paths } from '../paths.ts'
import { problemOf } from '../problem.ts'
import { openTopic } from '../topic.ts'
import { openAnnouncements } from './announce.ts'
import { observeConfigurationMark } from './configuration-mark.ts'
import { fitView } from './fit-view.ts'
import type { ProfileFile } from './list-files.ts'
import { mapInBatches } from './map-in-batches.ts'
import { openProfileFiles, type ProfileFiles, type ProfileListing } from './profile-files.ts'
import { openResolutions, type Summarise } from './summaries.ts'
import { watchDirectories } from './watch-directories.ts'

/** The saved profiles as the engine tells of them: the files, what each asks for, and every change of either. */
export type Profiles = Omit<ProfileFiles, 'list' | 'directory'> & {
  /** The whole state first, and whole again at each change: by this engine, another process, or an editor. */
  stream(signal: AbortSignal): AsyncGenerator<ProfilesView, void, void>
  /** Resolves everything anew and tells what changed: for what no file shows, as when a profile was connected. */
  refresh(): Promise<void>
  close(): Promise<void>
}

export type ProfilesOptions = {
  readonly paths: Paths
  readonly clock: Clock
  readonly log: Log
  readonly activity: Pick<Activity, 'add'>
  /** When a profile was last connected, in milliseconds since the epoch. */
  readonly lastConnected: (name: string) => number | null
  readonly summarise: Summarise
}

/** What no event tells of: another machine's write on a shared disk, the target of a link, a file extended elsewhere. */
const LOOK_EVERY_MS = 5000

/** Looking takes at most one part in so many of the time, however much there is to see. */
const REST = 20

/** The profiles of `paths`, followed from now on. Nothing is made before the first write. */
export const openProfiles = (options: ProfilesOptions): Profiles => {
  const { paths, clock, log, lastConnected } = options
  const files = openProfileFiles(paths, clock)
  const resolutions = openResolutions(options.summarise, log)
  const announce = openAnnouncements(options.activity)
  const nothing: ProfilesView = { directory: files.directory, profiles: [], damaged: [], problem: null }
  const views = openTopic(nothing)
  const ending = new AbortController()
  let mark = ''

  const summaryOf = async (file: ProfileFile): Promise<ProfileSummary> => {
    const { name, revision, modifiedAtMs, hasBackup } = file
    const lastConnectedAtMs = lastConnected(name)
    return { name, revision, modifiedAtMs, hasBackup, lastConnectedAtMs, ...(await resolutions.of(file)) }
  }

  /** An editor that empties a file before it writes: for that moment the profile is what it was. */
  const beforeOf = ({ name }: ProfileFile, { beingWritten }: ProfileListing): ProfileSummary | undefined =>
    beingWritten.includes(name) ? views.current().profiles.find((each) => each.name === name) : undefined

  const observe = async (): Promise<ProfilesView> => {
    const markNow = await observeConfigurationMark(paths.config)
    if (markNow !== mark) resolutions.forget()
    mark = markNow
    const listing = await files.list()
    announce(listing)
    resolutions.keepOnly(new Set(listing.profiles.map(({ name }) => name)))
    const profiles = await mapInBatches(
      listing.profiles,
      async (file) => beforeOf(file, listing) ?? (await summaryOf(file)),
    )
    return fitView({ ...nothing, profiles, damaged: [...listing.damaged] })
  }

  const watching = watchDirectories([files.directory, paths.config], clock, () => void lookAgain())

  const look = async (): Promise<void> => {
    if (ending.signal.aborted) return
    watching.rearm()
    const view = await observe().catch((error: unknown) => ({ ...nothing, problem: problemOf(error, log) }))
    if (!ending.signal.aborted && !isDeepStrictEqual(view, views.current())) views.publish(view)
  }

  // One look at a time; who asks during one is answered by the next.
  let last: Promise<void> = Promise.resolve()
  let next: Promise<void> | null = null
  const lookAgain = (): Promise<void> => {
    next ??= last.then(() => {
      next = null
      last = look()
      return last
    })
    return next
  }
  const keepLooking = async (): Promise<void> => {
    let tookMs = 0
    while (!ending.signal.aborted) {
      await clock.sleep(Math.max(LOOK_EVERY_MS, REST * tookMs), ending.signal)
      const startMs = clock.monotonicMs()
      await lookAgain()
      tookMs = clock.monotonicMs() - startMs
    }
  }
  const first = lookAgain()
  void keepLooking()

  /** Who changed something sees it before the answer. */
  const changing = async <T>(change: Promise<T>): Promise<T> => {
    const answer = await change
    await lookAgain()
    return answer
  }

  async function* stream(signal: AbortSignal): AsyncGenerator<ProfilesView, void, void> {
    await first
    yield* views.stream(signal)
  }

  return {
    stream,
    read: files.read,
    create: (name, text) => changing(files.create(name, text)),
    write: (name, text, revision) => changing(files.write(name, text, revision)),
    rename: (name, to) => changing(files.rename(name, to)),
    duplicate: (name, to) => changing(files.duplicate(name, to)),
    remove: (name, revision) => changing(files.remove(name, revision)),
    restore: (name) => changing(files.restore(name)),
    refresh: () => {
      resolutions.forget()
      return lookAgain()
    },
    close: async () => {
      ending.abort()
      watching.close()
      await (next ?? last)
      views.end()
    },
  }
}
