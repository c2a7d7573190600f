import { isCancel, select } from '@clack/prompts'
import type { Choice } from './world.ts'

/** Lets a person choose on the terminal, on stderr so that stdout stays data; `null` when they broke off. */
export const choose = async (question: string, choices: readonly Choice[]): Promise<string | null> => {
  const answer = await select({
    message: question,
    options: choices.map((each) => ({ ...each })),
    output: process.stderr,
  })
  return isCancel(answer) ? null : answer
}
