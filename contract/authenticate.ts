import type { Message } from 'vscode-jsonrpc'
import { z } from 'zod'
import { MoleError } from './errors.ts'
import type { Port } from './port.ts'

const Presented = z.strictObject({ token: z.string() })

const encoder = new TextEncoder()

/** Takes a time that depends on the lengths alone, so that nobody can feel their way to the token. */
const isSameText = (left: string, right: string): boolean => {
  const [a, b] = [encoder.encode(left), encoder.encode(right)]
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i += 1) difference |= (a[i] as number) ^ (b[i % b.length] ?? 0)
  return difference === 0
}

const denied = (message: string): MoleError =>
  new MoleError('denied', message, {
    meaning: 'Only the user who started Cloud Mole may connect.',
    nextStep: 'Use the address or the `mole` command of that very start.',
  })

/** Says the token as the first frame of a guarded connection. Await it before the port is used. */
export const presentToken = (port: Port, token: string): Promise<void> =>
  port.writer.write({ token } as unknown as Message)

/**
 * Waits for the token and gives back the same port, ready for `serve`. Anything else as first frame, or none within
 * `timeoutMs`, closes the connection without a word.
 * @throws MoleError `denied`, or `disconnected` when the peer leaves first
 */
export const requireToken = (port: Port, token: string, timeoutMs = 2000): Promise<Port> =>
  new Promise((resolve, reject) => {
    const refuse = (error: MoleError): void => {
      stop()
      port.writer.end()
      reject(error)
    }
    const subscriptions = [
      port.reader.onClose(() => refuse(new MoleError('disconnected', 'The peer left before it gave a token.'))),
    ]
    const timer = setTimeout(() => refuse(denied('No token was given in time.')), timeoutMs)
    const stop = (): void => {
      clearTimeout(timer)
      for (const subscription of subscriptions) subscription.dispose()
    }
    const accept = (): void => {
      stop()
      resolve(port)
    }
    const problemOf = (first: unknown): MoleError | null => {
      const presented = Presented.safeParse(first)
      if (!presented.success) return denied('The first frame was not a token.')
      return token !== '' && isSameText(presented.data.token, token) ? null : denied('The token is wrong.')
    }
    const check = (first: unknown): void => {
      const problem = problemOf(first)
      if (problem !== null) refuse(problem)
      else accept()
    }
    subscriptions.push(port.reader.listen(check))
  })
