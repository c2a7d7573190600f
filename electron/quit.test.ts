import { describe, expect, it } from 'vitest'
import type { DeploymentView } from '../contract/app.ts'
import { MoleError } from '../contract/errors.ts'
import { guardQuit, type QuitQuestion } from './quit.ts'

/** Electron's `App`: `quit` asks "before-quit", and ends unless that was prevented. */
const fakeApp = () => {
  let listener: (event: { preventDefault(): void }) => void = () => {}
  const app = {
    hasEnded: false,
    on: (_event: 'before-quit', next: typeof listener) => {
      listener = next
    },
    quit: () => {
      let isPrevented = false
      listener({ preventDefault: () => (isPrevented = true) })
      if (!isPrevented) app.hasEnded = true
    },
  }
  return app
}

const setUp = (phase: DeploymentView['phase'], answer = 0, more: Partial<Parameters<typeof guardQuit>[0]> = {}) => {
  const app = fakeApp()
  const done: string[] = []
  const asked: QuitQuestion[] = []
  const guard = guardQuit({
    app,
    view: () => ({ phase }) as DeploymentView,
    isHosted: () => true,
    ask: async (question) => {
      asked.push(question)
      return answer
    },
    disconnect: async () => void done.push('disconnect'),
    showError: () => void done.push('error'),
    closeWindow: async () => true,
    close: async () => void done.push('close'),
    ...more,
  })
  return { app, done, asked, guard }
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

describe('quitting', () => {
  it.each(['none', 'failed'] as const)('does not ask when the phase is %s, but leaves in order', async (phase) => {
    const { app, done, asked } = setUp(phase)
    app.quit()
    expect(app.hasEnded).toBe(false)
    await settle()
    expect([app.hasEnded, done, asked]).toEqual([true, ['close'], []])
  })

  it.each([
    [0, ['close'], true],
    [1, ['disconnect', 'close'], true],
    [2, [], false],
  ])('with tunnels up asks; button %i does %j', async (answer, expected, ends) => {
    for (const phase of ['connected', 'degraded', 'detached'] as const) {
      const { app, done, asked } = setUp(phase, answer)
      app.quit()
      await settle()
      expect([done, app.hasEnded]).toEqual([expected, ends])
      expect(asked[0]?.message).toBe('The tunnels are up. Keep them?')
    }
  })

  it.each([
    [0, true],
    [1, false],
  ])('in the middle of an act asks too; button %i ends: %s', async (answer, ends) => {
    const { app, asked } = setUp('deploying', answer)
    app.quit()
    await settle()
    expect(asked[0]?.message).toContain('Work is going on')
    expect(app.hasEnded).toBe(ends)
  })

  it('asks nothing when the engine runs elsewhere: it goes on without us', async () => {
    const { app, asked } = setUp('connected', 0, { isHosted: () => false })
    app.quit()
    await settle()
    expect([app.hasEnded, asked]).toEqual([true, []])
  })

  it('asks once, however often quitting is asked for', async () => {
    const { app, asked } = setUp('connected', 2)
    app.quit()
    app.quit()
    await settle()
    expect(asked).toHaveLength(1)
    app.quit()
    await settle()
    expect(asked).toHaveLength(2)
  })

  it('stays when the tunnels could not be taken down, and says so', async () => {
    const failing = async (): Promise<void> => {
      throw new MoleError('helper-unreachable', 'The helper does not answer.')
    }
    const { app, done } = setUp('connected', 1, { disconnect: failing })
    app.quit()
    await settle()
    expect([app.hasEnded, done]).toEqual([false, ['error']])
  })

  it('stays, with its engine, when something in the window is not saved; and asks again later', async () => {
    let isSaved = false
    const { app, done, asked } = setUp('connected', 0, { closeWindow: async () => isSaved })
    app.quit()
    await settle()
    expect([app.hasEnded, done]).toEqual([false, []])
    isSaved = true
    app.quit()
    await settle()
    expect([app.hasEnded, done, asked.length]).toEqual([true, ['close'], 2])
  })

  it('closes the window only when the tunnels are gone, which it shows', async () => {
    const order: string[] = []
    const { app } = setUp('connected', 1, {
      disconnect: async () => void order.push('disconnect'),
      closeWindow: async () => order.push('window') > 0,
      close: async () => void order.push('close'),
    })
    app.quit()
    await settle()
    expect([app.hasEnded, order]).toEqual([true, ['disconnect', 'window', 'close']])
  })

  it('skips the question when it was decided elsewhere', async () => {
    const { app, asked, guard } = setUp('connected')
    guard.quitNow()
    await settle()
    expect([app.hasEnded, asked]).toEqual([true, []])
  })
})
