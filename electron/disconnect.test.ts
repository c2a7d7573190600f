import { describe, expect, it } from 'vitest'
import { type Act, appContract, type DeploymentView, type Problem } from '../contract/app.ts'
import { connect } from '../contract/connect.ts'
import type { Handlers } from '../contract/define.ts'
import { memoryPorts } from '../contract/ports/memory.ts'
import { serve } from '../contract/serve.ts'
import { disconnect } from './disconnect.ts'
import { errorTexts } from './show-error.ts'

const viewAfter = (state: Act['state'], problem: Problem | null = null): DeploymentView => ({
  phase: state === 'done' ? 'none' : 'failed',
  id: null,
  plan: null,
  profile: null,
  createdAtMs: null,
  connectedAtMs: null,
  bastions: [],
  tunnels: [],
  resources: [],
  drift: [],
  money: null,
  act: { verb: 'teardown', state, startedAtMs: 1, endedAtMs: null, steps: [] },
  problem,
})

/** An engine whose teardown shows these views, and then no more. */
const engine = (views: readonly DeploymentView[]) => {
  const [ours, theirs] = memoryPorts()
  const handlers = {
    'deployment.teardown': async () => ({}),
    'deployment.watch': async function* () {
      yield* views
    },
  } as unknown as Handlers<typeof appContract>
  serve(appContract, handlers, theirs)
  return connect(appContract, ours)
}

describe('disconnect', () => {
  it('waits until the teardown is done', async () => {
    const views = [viewAfter('running'), viewAfter('running'), viewAfter('done')]
    await expect(disconnect(engine(views))).resolves.toBeUndefined()
  })

  it('passes on what keeps it from being clean', async () => {
    const problem = {
      code: 'timeout',
      message: 'The bastion is still there.',
      data: { nextStep: 'Try again.' },
    } as const
    await expect(disconnect(engine([viewAfter('failed', problem)]))).rejects.toMatchObject(problem)
  })

  it('does not take a lost engine for success', async () => {
    await expect(disconnect(engine([viewAfter('running')]))).rejects.toMatchObject({ code: 'engine-unreachable' })
  })

  it('has its errors shown as what happened, then what it means and what to do', async () => {
    const error = await disconnect(engine([])).catch((reason: unknown) => reason)
    expect(errorTexts(error)).toEqual({
      title: 'The engine went away while it was disconnecting.',
      content: 'Something may be left.\n\nStart Cloud Mole again, or run: mole down',
    })
    expect(errorTexts(new TypeError('x')).content).toBe('TypeError: x')
  })
})
