/** A word of the shell, as bash and zsh read it: nothing in it is special. */
export const quoteForShell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** A word of fish: within single quotes it has two escapes. */
export const quoteForFish = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
