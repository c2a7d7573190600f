import { MoleError } from '../../contract/errors.ts'
import type { System } from '../system.ts'
import { nameOf, type Setting } from './setting.ts'
import { type FileSetting, fileOf } from './setting-files.ts'
import { commandOf, readByProgram } from './setting-programs.ts'

const FILES: readonly Setting['by'][] = ['sysctl', 'governor', 'queue', 'irq', 'mtu']
const isFile = (setting: Setting): setting is FileSetting => FILES.includes(setting.by)

/** Value of a setting now, in its canonical form; `null` when it is not there. @throws MoleError `missing-program`. */
export const readSetting = async (system: System, setting: Setting): Promise<string | null> => {
  if (!isFile(setting)) return readByProgram(system, setting)
  const { path, parse } = fileOf(setting)
  const text = system.read(path)
  return text === null ? null : parse(text)
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this process may not change it',
  EPERM: 'the kernel does not let it be changed here',
  EROFS: 'it is read-only here',
  ENOENT: 'it is not there',
  EIO: 'the kernel does not let it be changed here',
  EINVAL: 'the kernel does not know that value',
  EBUSY: 'it is busy',
}

const refused = (setting: Setting, why: string): MoleError =>
  new MoleError('not-available', `${nameOf(setting)} could not be set: ${why}`, { field: nameOf(setting) })

const reasonOf = (error: unknown): string => {
  const { code = '' } = error as { code?: string }
  return REASONS[code] ?? (code || 'it gave no reason')
}

/** Sets it. @throws MoleError when the kernel, or the card, refuses. */
const write = async (system: System, setting: Setting, value: string): Promise<void> => {
  if (isFile(setting)) {
    const { path, render } = fileOf(setting)
    try {
      return system.write(path, `${render(value)}\n`)
    } catch (error) {
      throw refused(setting, reasonOf(error))
    }
  }
  const [program, argv] = commandOf(setting, value)
  const { code, stderr } = await system.runner.run(program, argv)
  if (code !== 0) throw refused(setting, stderr.trim().split('\n')[0] || `"${program}" ended with ${code}`)
}

const changedSince = (setting: Setting, now: string | null, was: string): MoleError => {
  const data = { field: nameOf(setting) }
  if (now === null) return new MoleError('not-found', `${nameOf(setting)} is not there any more`, data)
  return new MoleError('drift', `${nameOf(setting)} is ${now} now, not ${was}: it was left as it is`, data)
}

/**
 * Makes `value` of a setting that is `was`; nothing when it is so already. What was refused, or not taken, is as it was.
 * @throws MoleError `not-found` when it is gone, `drift` when somebody else changed it, `not-available` when refused.
 */
export const changeSetting = async (system: System, setting: Setting, value: string, was: string): Promise<void> => {
  const now = await readSetting(system, setting)
  if (now === value) return
  if (now !== was) throw changedSince(setting, now, was)
  const failure = await write(system, setting, value).then(
    () => null,
    (error: Error) => error,
  )
  // Judged by what came of it: `taskset` fails for a thread that ended in between, too.
  const taken = await readSetting(system, setting)
  if (taken === value) return
  // A card may remember what it was asked for although it did not do it ("off [requested on]").
  await write(system, setting, was).catch(() => undefined)
  throw failure ?? refused(setting, `it stayed ${taken ?? 'away'}`)
}
