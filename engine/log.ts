import { renameSync, statSync } from 'node:fs'
import pino from 'pino'
import { MoleError } from '../contract/errors.ts'

/** The engine's own diagnostics, for its log file; never for a person's eyes alone and never a secret. */
export type Log = {
  info(data: Readonly<Record<string, unknown>>, message: string): void
  warn(data: Readonly<Record<string, unknown>>, message: string): void
  error(data: Readonly<Record<string, unknown>>, message: string): void
}

export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }

const MAX_LOG_BYTES = 5 * 1024 * 1024

const keepOneOldLog = (path: string): void => {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MAX_LOG_BYTES) renameSync(path, `${path}.1`)
}

const notOpened = (path: string, cause: unknown): MoleError =>
  new MoleError(
    'not-available',
    `The log ${path} cannot be written: ${(cause as Error).message}.`,
    {
      field: path,
      meaning: 'The directory holds what the engine must not forget, so nothing was started.',
      nextStep: 'Check the permissions of the directory and the free space on its disk.',
    },
    { cause },
  )

const openFile = (path: string): ReturnType<typeof pino.destination> => {
  try {
    keepOneOldLog(path)
    const destination = pino.destination({ dest: path, append: true, mode: 0o600, sync: true })
    // A full disk costs lines of the log; it must not cost the engine.
    destination.on('error', () => undefined)
    return destination
  } catch (error) {
    throw notOpened(path, error)
  }
}

/**
 * Opens STATE/engine.log (0600, JSON lines); a log of more than 5 MiB is first set aside as `.1`.
 * @throws MoleError `not-available` when it cannot be written.
 */
export const openLog = (path: string, version: string): Log => {
  const destination = openFile(path)
  return pino(
    {
      base: { pid: process.pid, version },
      redact: {
        paths: ['token', '*.token', 'privateKey', '*.privateKey', 'password', '*.password'],
        censor: '[redacted]',
      },
    },
    destination,
  )
}
