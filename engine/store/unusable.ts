import { MoleError } from '../../contract/errors.ts'

/** The database cannot be read or written: a full disk, taken permissions. */
export const unusable = (path: string, error: unknown): MoleError =>
  new MoleError(
    'not-available',
    `The database ${path} cannot be used: ${(error as Error).message}.`,
    {
      field: path,
      meaning: 'Without it the engine would forget what it makes, so it goes no further.',
      nextStep: 'Check the permissions of the file and the free space on its disk, then try again.',
    },
    { cause: error },
  )

const isSqlite = (error: unknown): boolean => (error as { code?: unknown }).code === 'ERR_SQLITE_ERROR'

/** The same methods, but what SQLite has to say becomes an error that a person can act on. */
export const tellingWhy = <T extends object>(path: string, methods: T): T => {
  const telling =
    (method: (...args: unknown[]) => unknown) =>
    (...args: unknown[]): unknown => {
      try {
        return method(...args)
      } catch (error) {
        throw isSqlite(error) ? unusable(path, error) : error
      }
    }
  const entries = Object.entries(methods).map(([name, value]) => [
    name,
    typeof value === 'function' ? telling(value as (...args: unknown[]) => unknown) : value,
  ])
  return Object.fromEntries(entries) as T
}
