import { MoleError } from '../../../contract/errors.ts'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import type { Clock } from '../../clock.ts'
import { type AwsAccount, type AwsClients, awsClients } from './clients.ts'
import { awsCodeOf, kindOfAwsError } from './error-kinds.ts'
import { awsErrorOf } from './errors.ts'
import { retrying } from './retrying.ts'

type Send<T> = (clients: AwsClients, options: { readonly abortSignal: AbortSignal }) => Promise<T>

/** AWS as one piece of work sees it: with an account, patience, and an end. */
export type AwsAccess = {
  readonly account: AwsAccount
  readonly clock: Clock
  readonly signal: AbortSignal
  /**
   * Asks AWS, and again while the error is one that passes.
   * @param doing what is being done, for the error's text
   * @param passes codes of errors that pass by themselves in this case, such as `InvalidGroup.NotFound` of what was just made
   * @throws MoleError
   */
  ask<T>(doing: string, send: Send<T>, passes?: RegExp): Promise<T>
  /** Every item of a list that AWS gives in pages. */
  list<T>(
    doing: string,
    page: (token: string | undefined, ...how: Parameters<Send<T>>) => Promise<Page<T>>,
  ): Promise<T[]>
}

/** `items` are never left out by AWS: an answer without them is not AWS's. */
export type Page<T> = { readonly items: readonly T[] | undefined; readonly next: string | undefined }

/** How long an error is put up with, ms. */
type Patience = { readonly throttledMs: number; readonly passingMs: number; readonly unreachableMs: number }

/** For what must be done: what was just made is known everywhere after some seconds, in rare cases two minutes. */
const PATIENT: Patience = { throttledMs: 180_000, passingMs: 120_000, unreachableMs: 30_000 }
/** For a look that is taken again soon. */
const HASTY: Patience = { throttledMs: 20_000, passingMs: 5000, unreachableMs: 5000 }

const noItems = (): Error =>
  Object.assign(new Error('The answer lacks the list asked for.'), { $metadata: { httpStatusCode: 200 } })

const patienceFor =
  (patience: Patience, passes: RegExp | undefined) =>
  (error: unknown): number => {
    if (passes?.test(awsCodeOf(error))) return patience.passingMs
    const kind = kindOfAwsError(error)
    if (kind === 'throttled') return patience.throttledMs
    return ['unreachable', 'server', 'garbled'].includes(kind) ? patience.unreachableMs : 0
  }

const tooSlow = (doing: string): MoleError =>
  new MoleError('timeout', `AWS did not answer in time (${doing}).`, {
    field: 'network',
    meaning: 'The way to AWS is slow, or AWS is.',
    nextStep:
      'Ask again. If it stays so, see that this host reaches the internet; https://health.aws.amazon.com tells of faults.',
  })

/** Why it was given up: somebody said so, or its time was over. */
const givenUp = ({ reason }: AbortSignal, doing: string): MoleError => {
  if (reason instanceof MoleError) return reason
  const isLate = reason instanceof Error && reason.name === 'TimeoutError'
  return isLate ? tooSlow(doing) : new MoleError('cancelled', `Cancelled (${doing}).`)
}

/** @param hasty for looking only: gives up soon */
export const openAccess = (
  account: AwsAccount,
  { clock, signal, hasty = false }: { readonly clock: Clock; readonly signal: AbortSignal; readonly hasty?: boolean },
): AwsAccess => {
  const patience = hasty ? HASTY : PATIENT
  const options = { abortSignal: signal }
  const ask: AwsAccess['ask'] = async (doing, send, passes) => {
    try {
      return await retrying(() => send(awsClients(account), options), patienceFor(patience, passes), { clock, signal })
    } catch (error) {
      throw signal.aborted ? givenUp(signal, doing) : awsErrorOf(error, doing, account.profile)
    }
  }
  return {
    account,
    clock,
    signal,
    ask,
    list: async <T>(doing: string, page: Parameters<typeof pagesOf<T>>[1]) =>
      pagesOf<T>((send) => ask(doing, send), page),
  }
}

const pagesOf = async <T>(
  ask: (send: Send<Page<T>>) => Promise<Page<T>>,
  page: (token: string | undefined, ...how: Parameters<Send<T>>) => Promise<Page<T>>,
): Promise<T[]> => {
  const all: T[] = []
  let token: string | undefined
  do {
    const { items, next } = await ask(async (clients, options) => {
      const answer = await page(token, clients, options)
      if (answer.items === undefined) throw noItems()
      return answer
    })
    all.push(...(items ?? []))
    token = next || undefined
  } while (token !== undefined)
  return all
}

/**
 * Whose AWS a complete plan means.
 * @throws MoleError `internal` for a plan that is not complete.
 */
export const accountOf = ({ aws }: DeploymentPlan): AwsAccount => {
  if (aws === null || aws.region === null)
    throw new MoleError('internal', 'The plan does not say which AWS region is meant.', { field: 'aws.region' })
  return { profile: aws.profile, region: aws.region }
}
