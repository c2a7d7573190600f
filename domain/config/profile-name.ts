import { z } from 'zod'

/** Name of a saved profile, which is also its file's: no name can leave the directory or hide in it. */
export const ProfileName = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, {
  error: 'must be 1 to 63 lower-case letters, digits, "-" or "_", beginning with a letter or digit',
})
