import { join } from 'node:path'
import type { DamagedProfile } from '../../contract/app.ts'
import { badInput } from '../../contract/errors.ts'
import { ProfileName } from '../../domain/config/profile-name.ts'
import { type Clock, systemClock } from '../clock.ts'
import type { Paths } from '../paths.ts'
import { setAside } from './damaged-file.ts'
import {
  clearDirectory,
  createFile,
  duplicateFile,
  removeFile,
  renameFile,
  restoreFile,
  rewriteFile,
} from './edit-files.ts'
import { backupFile, profileFile } from './file-names.ts'
import { type Inventory, listFiles } from './list-files.ts'
import { observeFile } from './observe-file.ts'
import { encodeText } from './profile-text.ts'
import { explainFileError, heldByEditor, noSuchProfile, setAsideNow, tooLarge } from './refusals.ts'
import { withLock } from './with-lock.ts'

type Revised = { readonly revision: string }

/** What lies in the profiles' directory. */
export type ProfileListing = Omit<Inventory, 'toSetAside'> & {
  /** Those of `damaged` that this look set aside. */
  readonly setAside: readonly DamagedProfile[]
}

/**
 * The saved profiles as files, `$CONFIG/profiles/NAME.yaml`. No engine is needed, and any number of processes may use
 * them at once: a writer holds a lock, says which text it started from, and is told when that is no longer the one
 * there. A file is replaced whole, and its text before is kept as `NAME.yaml.bak`. A profile may be a symbolic link, into
 * a repository of one's own: saving replaces the file it leads to; renaming and deleting concern the link.
 * Every method throws MoleError, also `bad-input` for a name that breaks the rule, and `denied` or `not-available` for
 * what the file system refuses.
 */
export type ProfileFiles = {
  readonly directory: string
  /** Every profile, by name. Files that hold no text are set aside. */
  list(): Promise<ProfileListing>
  /** @throws MoleError `not-found`, also when the file held no text and was set aside. */
  read(name: string): Promise<Revised & { readonly text: string }>
  /** @throws MoleError `conflict` when the name is taken. */
  create(name: string, text: string): Promise<Revised>
  /** @throws MoleError `conflict` when the profile is no longer that of `revision`; `not-found` when it is gone. */
  write(name: string, text: string, revision: string): Promise<Revised>
  /** The backup goes with it. @throws MoleError `not-found`, or `conflict` when the name `to` is taken. */
  rename(name: string, to: string): Promise<void>
  /** @throws MoleError `not-found`, or `conflict` when the name `to` is taken. */
  duplicate(name: string, to: string): Promise<void>
  /** The text stays as the backup, for `restore`. @throws MoleError `conflict` or `not-found`, as `write`. */
  remove(name: string, revision: string): Promise<void>
  /** Profile and backup change places. @throws MoleError `not-found` when there is no backup. */
  restore(name: string): Promise<Revised>
}

const check = (name: string): string => {
  const checked = ProfileName.safeParse(name)
  if (!checked.success) throw badInput(checked.error, 'name')
  return checked.data
}

/** Nothing is made before the first write. `clock` tells how long ago a file changed. */
export const openProfileFiles = (paths: Paths, clock: Clock = systemClock): ProfileFiles => {
  const directory = join(paths.config, 'profiles')

  const writing = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await withLock(paths, async () => {
        await clearDirectory(directory)
        return work()
      })
    } catch (error) {
      throw explainFileError(error, directory, 'written')
    }
  }
  const revising = async (work: () => Promise<string>): Promise<Revised> => ({ revision: await writing(work) })

  const setAsideAll = (names: readonly string[]): Promise<(string | null)[]> =>
    // Where nothing can be written, the profiles that are whole are listed all the same.
    writing(() => Promise.all(names.map((name) => setAside(directory, name, clock.wallMs())))).catch(() => [])

  const list = async (): Promise<ProfileListing> => {
    const { toSetAside, ...listing } = await listFiles(directory, clock.wallMs())
    if (toSetAside.length === 0) return { ...listing, setAside: [] }
    const moved = await setAsideAll(toSetAside)
    const { toSetAside: _, ...after } = await listFiles(directory, clock.wallMs())
    return { ...after, setAside: after.damaged.filter(({ movedTo }) => moved.includes(movedTo)) }
  }

  const refuseDamaged = async (name: string): Promise<never> => {
    const movedTo = await writing(() => setAside(directory, name, clock.wallMs()))
    if (movedTo === null) throw heldByEditor(name)
    throw setAsideNow(name, movedTo, (await observeFile(backupFile(directory, name))) !== null)
  }

  const read = async (name: string): Promise<Revised & { text: string }> => {
    const path = profileFile(directory, check(name))
    const file = await observeFile(path).catch((error: unknown) => {
      throw explainFileError(error, path, 'read')
    })
    if (file === null) throw noSuchProfile(name, directory)
    if (file.bytes === null) throw tooLarge(path)
    return file.text === null ? refuseDamaged(name) : { text: file.text, revision: file.revision }
  }

  const create = async (name: string, text: string): Promise<Revised> => {
    const [checked, bytes] = [check(name), encodeText(text)]
    return revising(() => createFile(directory, checked, bytes))
  }

  return {
    directory,
    list,
    read,
    create,
    write: async (name, text, revision) => {
      const [checked, bytes] = [check(name), encodeText(text)]
      return revising(() => rewriteFile(directory, checked, bytes, revision))
    },
    rename: async (name, to) => {
      const [from, target] = [check(name), check(to)]
      await writing(() => renameFile(directory, from, target))
    },
    duplicate: async (name, to) => {
      const [from, target] = [check(name), check(to)]
      await writing(() => duplicateFile(directory, from, target))
    },
    remove: async (name, revision) => {
      const checked = check(name)
      await writing(() => removeFile(directory, checked, revision))
    },
    restore: async (name) => {
      const checked = check(name)
      return revising(async () => {
        await setAside(directory, checked, clock.wallMs())
        return restoreFile(directory, checked)
      })
    },
  }
}
