import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openUserConfig } from '../../engine/config/user-config.ts'
import { resolvePaths } from '../../engine/paths.ts'
import { openProfileFiles } from '../../engine/profiles/profile-files.ts'
import { openConfigAccess } from '../config-access.ts'
import { readDocument } from '../read-document.ts'
import type { World } from '../world.ts'

export type TemporaryHome = {
  readonly directory: string
  /** What of the world lies in files, for `fakeWorld`. `environment` holds this shell's `MOLE_*`. */
  files(
    environment?: Readonly<Record<string, string>>,
  ): Pick<World, 'home' | 'config' | 'userConfig' | 'profiles' | 'readText'>
  /** Writes a file, by its path from the home directory; gives its full path. */
  write(path: string, text: string): string
  remove(): void
}

/** Where profiles lie, from the home directory. */
export const PROFILES = '.config/mole/profiles'

/** A home directory with real files, and the real modules that read and write them. */
export const temporaryHome = (): TemporaryHome => {
  const directory = mkdtempSync(join(tmpdir(), 'mole-'))
  const paths = resolvePaths({ HOME: directory, XDG_RUNTIME_DIR: directory })
  return {
    directory,
    files: (environment = {}) => ({
      home: directory,
      config: openConfigAccess(paths, environment),
      userConfig: openUserConfig(paths),
      profiles: openProfileFiles(paths),
      readText: readDocument,
    }),
    write: (path, text) => {
      const full = join(directory, path)
      mkdirSync(join(full, '..'), { recursive: true, mode: 0o700 })
      writeFileSync(full, text)
      return full
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}
