import type { Act, ActivityEvent, AppContract, DeploymentView, Step, StepId } from '../../contract/app.ts'
import type { ParsedInputOf } from '../../contract/define.ts'
import { MoleError } from '../../contract/errors.ts'
import type { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { AWS_ID, awsView } from './fake-aws-views.ts'
import type { Scenario } from './fake-engine.ts'
import { BUILD, connectedView, NOTHING_DEPLOYED, pendingStep, REMOVE } from './fake-views.ts'
import type { Topic } from './topic.ts'

export type FakeActs = {
  deploy(plan: DeploymentPlan, profile?: string | null): { id: string }
  scale(wanted: { readonly tunnels: number | null; readonly bastions: number | null }): { id: string }
  adjust(change: ParsedInputOf<AppContract, 'deployment.adjust'>): { id: string }
  rotate(tunnels: readonly number[] | null): { id: string }
  teardown(): Record<string, never>
  cancel(): Record<string, never>
  stop(): void
}

type Note = (level: ActivityEvent['level'], kind: string, text: string) => void

const AWS_BUILD: readonly StepId[] = BUILD.flatMap((id): StepId[] =>
  id === 'launch-bastion' ? ['prepare-cloud', id] : [id],
)
const AWS_SCALE: readonly StepId[] = [...AWS_BUILD.slice(2), 'retire-bastion']

const stepsOf = ({ target }: DeploymentPlan): readonly StepId[] => (target === 'aws' ? AWS_BUILD : BUILD)
const idOf = ({ target }: DeploymentPlan): string => (target === 'aws' ? AWS_ID : 'dep-7f3a')
const standingView = (plan: DeploymentPlan, nowMs: number): DeploymentView =>
  plan.target === 'aws' ? awsView(plan, nowMs) : connectedView(plan, nowMs)

/** Acts that take their time, step by step, and do nothing: the views change as the engine's do. */
export const fakeActs = (view: Topic<DeploymentView>, note: Note, scenario: Scenario): FakeActs => {
  const stepMs = scenario.stepMs ?? 120
  let running: AbortController | null = null

  const change = (id: StepId, update: (step: Step) => Step): void => {
    const { act } = view.get()
    if (act === null) return
    const at = act.steps.findLastIndex((step) => step.id === id)
    const step = act.steps[at]
    if (step !== undefined) view.set({ ...view.get(), act: { ...act, steps: act.steps.with(at, update(step)) } })
  }

  const begin = (verb: Act['verb'], steps: readonly StepId[], about: Partial<DeploymentView>): AbortController => {
    if (running !== null)
      throw new MoleError('conflict', 'Something is going on already.', { nextStep: 'Wait for its end, or cancel it.' })
    running = new AbortController()
    const act: Act = { verb, state: 'running', startedAtMs: Date.now(), endedAtMs: null, steps: steps.map(pendingStep) }
    view.set({ ...view.get(), ...about, act, problem: null })
    return running
  }

  const end = (state: Act['state'], about: Partial<DeploymentView>): void => {
    const { act } = view.get()
    running = null
    view.set({ ...view.get(), ...about, act: act === null ? null : { ...act, state, endedAtMs: Date.now() } })
  }

  /** Does the steps; false when it was cancelled, or stopped at the step that is to fail. */
  const run = async (steps: readonly StepId[], signal: AbortSignal, mayFail: boolean): Promise<boolean> => {
    for (const id of steps) {
      change(id, (step) => ({ ...step, state: 'running', startedAtMs: Date.now(), log: [`${step.title}: begun`] }))
      const stalls = mayFail && scenario.stallAt === id
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true })
        if (!stalls) setTimeout(resolve, stepMs)
      })
      const problem = mayFail && scenario.failAt?.step === id ? scenario.failAt.problem : null
      const state = signal.aborted || problem !== null ? 'failed' : 'done'
      change(id, (step) => ({
        ...step,
        state,
        endedAtMs: Date.now(),
        problem,
        log: [...step.log, `${step.title}: ${state}`],
      }))
      if (state === 'failed') return false
    }
    return true
  }

  const rollBack = async (plan: DeploymentPlan, wasCancelled: boolean): Promise<void> => {
    const { act } = view.get()
    if (act === null) return
    const steps = [...act.steps.filter(({ state }) => state !== 'pending'), ...REMOVE.map(pendingStep)]
    view.set({ ...view.get(), phase: 'tearing-down', tunnels: [], act: { ...act, steps } })
    await run(REMOVE, new AbortController().signal, false)
    if (wasCancelled) return end('cancelled', { ...NOTHING_DEPLOYED, plan })
    const problem = scenario.failAt?.problem ?? null
    end('failed', { ...NOTHING_DEPLOYED, phase: 'failed', plan, problem })
  }

  const build = async (plan: DeploymentPlan, { signal }: AbortController): Promise<void> => {
    if (!(await run(stepsOf(plan), signal, true))) return rollBack(plan, signal.aborted)
    const now = Date.now()
    const { profile, act: done } = view.get()
    end('done', { ...standingView(plan, now), profile, createdAtMs: now, connectedAtMs: now, act: done })
    const { act } = view.get()
    view.set({ ...view.get(), act: act === null ? null : { ...act, state: 'done', endedAtMs: now } })
    note('info', 'deployment.connected', `Connected over ${plan.tunnels} tunnels (deploy).`)
  }

  return {
    deploy: (plan, profile = null) => {
      void build(
        plan,
        begin('deploy', stepsOf(plan), {
          ...NOTHING_DEPLOYED,
          phase: 'deploying',
          id: idOf(plan),
          plan,
          profile,
          createdAtMs: Date.now(),
        }),
      )
      note('info', 'deployment.deploy', `The deployment began (${idOf(plan)}).`)
      return { id: idOf(plan) }
    },
    scale: ({ tunnels, bastions }) => {
      const { plan } = view.get()
      if (plan === null) throw new MoleError('conflict', 'Nothing is deployed that could be scaled.')
      const next = { ...plan, tunnels: tunnels ?? plan.tunnels, bastions: bastions ?? plan.bastions }
      const steps = plan.target === 'aws' ? AWS_SCALE : BUILD.slice(3)
      const { signal } = begin('scale', steps, { phase: 'deploying' })
      void run(steps, signal, true).then(() =>
        end('done', { ...standingView(next, Date.now()), profile: view.get().profile, act: view.get().act }),
      )
      return { id: idOf(plan) }
    },
    adjust: ({ carriage, autoscale, tuning }) => {
      const { plan } = view.get()
      if (plan === null) throw new MoleError('conflict', 'Nothing is deployed that could be adjusted.')
      const next = {
        ...plan,
        carriage: carriage ?? plan.carriage,
        autoscale: autoscale ?? plan.autoscale,
        tuning: tuning ?? plan.tuning,
      }
      const { signal } = begin('adjust', ['apply-host'], {})
      void run(['apply-host'], signal, true).then(() => end('done', { plan: next }))
      return { id: idOf(plan) }
    },
    rotate: (slots) => {
      const { plan, tunnels } = view.get()
      if (plan === null) throw new MoleError('conflict', 'Nothing is deployed that has keys.')
      const { signal } = begin('rotate', ['rotate-keys'], {})
      const renewed = (slot: number): boolean => slots === null || slots.includes(slot)
      void run(['rotate-keys'], signal, true).then(() =>
        end('done', {
          tunnels: tunnels.map((tunnel) => (renewed(tunnel.slot) ? { ...tunnel, keysSinceMs: Date.now() } : tunnel)),
        }),
      )
      return { id: idOf(plan) }
    },
    teardown: () => {
      const { signal } = begin('teardown', REMOVE, { phase: 'tearing-down' })
      void run(REMOVE, signal, false).then(() => {
        end('done', { ...NOTHING_DEPLOYED, act: view.get().act })
        note('info', 'deployment.removed', 'Disconnected; it is proven that nothing is left.')
      })
      return {}
    },
    cancel: () => {
      if (running === null) throw new MoleError('conflict', 'Nothing is going on that could be cancelled.')
      running.abort()
      return {}
    },
    stop: () => running?.abort(),
  }
}
