/** What stands for stdin in a file's place, as in most commands. */
export const STDIN = '-'
