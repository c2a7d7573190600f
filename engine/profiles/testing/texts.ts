const LINES = 2000

const textOf = (letter: string): string => `description: ${letter}\n${`# ${letter.repeat(50)}\n`.repeat(LINES)}`

/** Two texts of some 100 KiB that have no line in common. */
export const TEXTS = [textOf('a'), textOf('b')] as const
