import { userInfo } from 'node:os'

/** Name of this process's user, else its number: a user of a directory that cannot be asked now has no name. */
export const userName = (): string => {
  try {
    return userInfo().username
  } catch {
    return String(process.geteuid?.() ?? 0)
  }
}
