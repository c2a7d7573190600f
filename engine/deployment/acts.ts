import type { Act, Problem, StepId } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'
import type { Activity } from '../activity.ts'
import type { Clock } from '../clock.ts'
import type { CloudObservation, CloudProvider } from '../cloud/provider.ts'
import type { Log } from '../log.ts'
import { cancelled, problemOf } from '../problem.ts'
import type { DeploymentRecord } from '../store/deployment-table.ts'
import type { Store } from '../store/store.ts'
import { type ActJournal, openActJournal } from './act-journal.ts'
import { withBastion } from './bastion-record.ts'
import { NO_DEPLOYMENT } from './identity.ts'
import { nounOf } from './interrupted.ts'
import { NOTHING_SEEN } from './observe.ts'
import { type Run, runSteps, runTeardown } from './run-steps.ts'
import type { StandingTopic } from './standing-topic.ts'
import type { StepContext, StepHost } from './step.ts'
import { stepsToNothing } from './steps-to-nothing.ts'
import type { Standing } from './view.ts'

export type ActsEnvironment = {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly activity: Activity
  readonly standing: StandingTopic
  /** Aborts when the engine ends. */
  readonly closing: AbortSignal
  /** Called after the tunnels were applied, before they are verified. */
  onApplied(): void
  /** What the cloud was seen to hold. */
  onSeen(record: DeploymentRecord, cloud: CloudObservation): void
  /** Called when all of it stands and was looked at. */
  onConnected(record: DeploymentRecord): void
  /** Called when it is proven that nothing is left. */
  onForgotten(deploymentId: string): void
  /** Called before the tunnels are taken away. */
  onRemoving(): void
  /** A bastion that cannot change its keys was asked to. */
  onAgentless(index: number): void
}

export type ActOrder = {
  readonly verb: Act['verb']
  readonly provider: CloudProvider
  readonly host: StepHost
  /** The deployment as it is wanted from now on; `null` where nothing is recorded. */
  readonly record: DeploymentRecord | null
  readonly steps: readonly StepId[]
  /** Slots of the tunnels that are to get new keys; none where left out. */
  readonly toRotate?: readonly number[]
  /** Nobody asked for it: whoever began it tells what came of it. */
  readonly isUnasked?: boolean
  readonly signal: AbortSignal
}

/** A cloud whose looks are as patient as the act they are part of. */
const patiently = (provider: CloudProvider, signal: AbortSignal): CloudProvider => ({
  ...provider,
  observe: (whose) => provider.observe(whose, signal),
  publishedEnds: (whose, bastion) => provider.publishedEnds(whose, bastion, signal),
  leftovers: (whose) => provider.leftovers(whose, signal),
})

const contextOf = (environment: ActsEnvironment, order: ActOrder, journal: ActJournal): Run['context'] => {
  const { store, clock, standing } = environment
  const record: StepContext['record'] = () => {
    const current = standing.get().record
    if (current === null) throw new MoleError('internal', 'Nothing is recorded to be deployed.')
    return current
  }
  const remember = (change: Partial<DeploymentRecord>): void => {
    const next = { ...record(), ...change }
    store.saveDeployment(next)
    standing.set({ record: next })
  }
  const shortfall = (index: number, error: unknown): void => {
    const problem = problemOf(error, environment.log)
    standing.set({ shortfall: new Map([...standing.get().shortfall, [index, problem]]) })
    environment.activity.add('warning', 'bastion.missing', `Bastion ${index} could not be had: ${problem.message}`)
  }
  return (step, signal) => {
    // A step given up may still be at work: from then on it has no say.
    const unless =
      <T>(tell: (value: T) => void): ((value: T) => void) =>
      (value) =>
        void (signal.aborted || tell(value))
    return {
      deploymentId: standing.get().record?.id ?? NO_DEPLOYMENT,
      provider: patiently(order.provider, signal),
      host: order.host,
      clock,
      signal,
      record,
      remember: unless(remember),
      log: unless((line) => journal.log(step, line)),
      whose: () => standing.get().record,
      rememberBastion: (index, change) => {
        if (!signal.aborted) remember({ bastions: withBastion(record(), index, change) })
      },
      forgetBastion: unless((index) =>
        remember({ bastions: record().bastions.filter((bastion) => bastion.index !== index) }),
      ),
      onObservation: unless((cloud) => {
        standing.set({ cloud })
        environment.onSeen(record(), cloud)
      }),
      onShortfall: (index, error) => {
        if (signal.aborted) return
        journal.log(step, `bastion ${index} could not be had: ${error instanceof Error ? error.message : 'unforeseen'}`)
        shortfall(index, error)
      },
      onFindings: unless((findings) =>
        standing.set({
          health: new Map(findings.map(({ slot, answered }) => [slot, answered ? 'up' : 'silent'] as const)),
        }),
      ),
      toRotate: order.toRotate ?? [],
      onAgentless: unless(environment.onAgentless),
    }
  }
}

/** What was wrong before an act that puts it right. */
const PUT_RIGHT = { problem: null, shortfall: new Map<number, Problem>(), detached: false } as const

const startRun = (environment: ActsEnvironment, order: ActOrder, puttingRight: Partial<Standing> = PUT_RIGHT): Run => {
  const { store, clock, log, standing, closing, activity } = environment
  const { verb, record, steps } = order
  const deploymentId = record?.id ?? NO_DEPLOYMENT
  if (record !== null) store.saveDeployment(record)
  const journal = openActJournal(store, clock, { verb, deploymentId, steps }, (act) => standing.set({ act }))
  // At once: a view with the new record and the old act would look like an act that has ended already.
  standing.set({
    record,
    act: journal.current(),
    ...puttingRight,
    tried: null,
    turningBack: false,
  })
  if (order.isUnasked !== true)
    activity.add('info', `deployment.${verb}`, `The ${nounOf(verb)} began (${deploymentId}).`)
  return { journal, clock, log, signal: order.signal, closing, context: contextOf(environment, order, journal) }
}

const forget = ({ store, standing, onForgotten }: ActsEnvironment): void => {
  const { record } = standing.get()
  store.forgetDeployment()
  standing.set({ record: null, cloud: NOTHING_SEEN, shortfall: new Map(), health: new Map(), withdrawn: new Set() })
  if (record !== null) onForgotten(record.id)
}

/** Why an act did not end as asked. A cancelled one is reported as such, whatever broke off in the step. */
const reasonOf = (error: unknown, order: ActOrder, log: Log): Problem =>
  problemOf(order.signal.aborted ? cancelled(`The ${nounOf(order.verb)}`) : error, log)

const end = (environment: ActsEnvironment, run: Run, state: Act['state'], problem: Problem | null): void => {
  environment.standing.set({ problem, turningBack: false })
  run.journal.end(state)
}

const withNext = (problem: Problem, nextStep: string): Problem => ({
  ...problem,
  data: { ...problem.data, nextStep: problem.data.nextStep ?? nextStep },
})

const withMeaning = (problem: Problem, sentence: string): Problem => {
  const { meaning = '' } = problem.data
  const before = meaning === '' || /[.!?…]$/.test(meaning) ? meaning : `${meaning}.`
  return { ...problem, data: { ...problem.data, meaning: `${before} ${sentence}`.trim() } }
}

/** Why a deploy failed, and that it could not be taken back either. */
const halfWay = (reason: Problem, hindrance: Problem): Problem => {
  const isSame = reason.code === hindrance.code
  const told = isSame ? '' : ` ${hindrance.message} ${hindrance.data.meaning ?? ''}`.trimEnd()
  const { data } = withMeaning(reason, `What had been made could not be removed, and may cost money.${told}`)
  const next = hindrance.data.nextStep ?? reason.data.nextStep ?? ''
  return { ...reason, data: { ...data, nextStep: `${next} "mole down" removes what is left.`.trim() } }
}

/** Takes a deploy back that was never complete, so that nothing half-made is left and nothing costs money. */
const turnBack = async (environment: ActsEnvironment, order: ActOrder, run: Run, reason: Problem): Promise<void> => {
  const { standing, store, activity, log } = environment
  const { record } = standing.get()
  if (record === null) return
  const going = { ...record, desired: 'nothing' as const }
  store.saveDeployment(going)
  standing.set({ record: going, turningBack: true })
  environment.onRemoving()
  const steps = await stepsToNothing(order, going, log)
  run.journal.turnBack(steps)
  const state = reason.code === 'cancelled' ? 'cancelled' : 'failed'
  try {
    await runTeardown(steps, { ...run, signal: NEVER })
    forget(environment)
    standing.set({ tried: record })
    activity.add('info', 'deployment.rolled-back', 'What had been made was removed again.')
    const told = withMeaning(reason, 'What had been made was removed again.')
    end(environment, run, state, state === 'cancelled' ? null : told)
  } catch (error) {
    environment.closing.throwIfAborted()
    end(environment, run, 'failed', halfWay(reason, problemOf(error, log)))
  }
}

const NEVER = new AbortController().signal

const succeed = (environment: ActsEnvironment, order: ActOrder, run: Run): void => {
  end(environment, run, 'done', null)
  const { health, record } = environment.standing.get()
  if (record !== null) environment.onConnected(record)
  const silent = [...health].filter(([, state]) => state === 'silent').map(([slot]) => slot)
  const count = record?.plan.tunnels ?? 0
  if (silent.length > 0)
    environment.activity.add(
      'warning',
      'deployment.degraded',
      `Connected, but no echo through tunnel ${silent.join(', ')} of ${count}.`,
    )
  else
    environment.activity.add(
      'info',
      'deployment.connected',
      `Connected over ${count} ${count === 1 ? 'tunnel' : 'tunnels'} (${order.verb}).`,
    )
}

/**
 * Builds, repairs or scales. What fails or is cancelled before the deployment was ever connected is taken
 * back; a living deployment is left as it is, with the reason.
 */
export const performUp = async (environment: ActsEnvironment, order: ActOrder): Promise<void> => {
  const run = startRun(environment, order)
  const wasConnected = environment.standing.get().record?.connectedAtMs !== null
  try {
    const last = order.steps.indexOf('verify')
    await runSteps(order.steps.slice(0, last), run)
    environment.onApplied()
    await runSteps(order.steps.slice(last), run)
    succeed(environment, order, run)
  } catch (error) {
    environment.closing.throwIfAborted()
    const reason = reasonOf(error, order, environment.log)
    environment.activity.add(
      'error',
      `deployment.${reason.code === 'cancelled' ? 'cancelled' : 'failed'}`,
      reason.message,
    )
    if (!wasConnected) return turnBack(environment, order, run, reason)
    const state = reason.code === 'cancelled' ? 'cancelled' : 'failed'
    end(environment, run, state, withNext(reason, 'Run "mole up" to try again, or "mole down" to remove it.'))
  }
}

/**
 * Changes something of what is up without taking any of it down. What fails leaves it carrying as before; only a host that
 * could not be made as it is wanted from now on is a problem of the deployment.
 */
export const performChange = async (environment: ActsEnvironment, order: ActOrder): Promise<void> => {
  const run = startRun(environment, order, {})
  const { closing, log, standing } = environment
  const tell = (level: 'info' | 'warning', how: string, text: string): void => {
    if (order.isUnasked !== true) environment.activity.add(level, `deployment.${order.verb}-${how}`, text)
  }
  try {
    await runSteps(order.steps, run)
    end(environment, run, 'done', standing.get().problem)
    tell('info', 'done', `The ${nounOf(order.verb)} is complete.`)
  } catch (error) {
    closing.throwIfAborted()
    const reason = reasonOf(error, order, log)
    const isCancelled = reason.code === 'cancelled'
    tell(isCancelled ? 'info' : 'warning', isCancelled ? 'cancelled' : 'failed', reason.message)
    const told = withNext(reason, 'Run "mole up" to try again, or "mole down" to remove it.')
    const problem = order.verb === 'adjust' ? told : standing.get().problem
    end(environment, run, isCancelled ? 'cancelled' : 'failed', problem)
  }
}

/** Removes everything, and forgets the deployment once it is proven that nothing is left. */
export const performDown = async (environment: ActsEnvironment, order: ActOrder): Promise<void> => {
  const run = startRun(environment, order)
  environment.onRemoving()
  try {
    await runTeardown(order.steps, run)
    forget(environment)
    end(environment, run, 'done', null)
    environment.activity.add('info', 'deployment.removed', 'Disconnected; it is proven that nothing is left.')
  } catch (error) {
    environment.closing.throwIfAborted()
    const reason = reasonOf(error, order, environment.log)
    environment.activity.add('error', 'deployment.teardown-failed', reason.message)
    const state = reason.code === 'cancelled' ? 'cancelled' : 'failed'
    end(environment, run, state, withNext(reason, 'Run "mole down" to finish it.'))
  }
}
