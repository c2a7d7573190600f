import { confirm, isCancel } from '@clack/prompts'

/** Asks on the terminal, on stderr so that stdout stays data; `null` when the person broke off. */
export const ask = async (question: string): Promise<boolean | null> => {
  const answer = await confirm({ message: question, initialValue: true, output: process.stderr })
  return isCancel(answer) ? null : answer
}
