import type { DeploymentView } from '../contract/app.ts'
import { isBusy, isUp } from './phases.ts'

export type QuitQuestion = { readonly message: string; readonly detail: string; readonly buttons: readonly string[] }

/** The part of Electron's `App` that is used. */
export type QuittingApp = {
  on(event: 'before-quit', listener: (event: { preventDefault(): void }) => void): unknown
  quit(): void
}

export type QuitOptions = {
  readonly app: QuittingApp
  view(): DeploymentView | null
  /** The engine is ours: it ends with this program. */
  isHosted(): boolean
  /** Gives the index of the button pressed; the last one is "Cancel". */
  ask(question: QuitQuestion): Promise<number>
  /** Resolves when the tunnels are gone. @throws MoleError when they could not be taken down. */
  disconnect(): Promise<void>
  showError(error: unknown): void
  /** Closes the window; `false` when it stays, for what is not saved in it. */
  closeWindow(): Promise<boolean>
  /** Ends what must not outlive this program. */
  close(): Promise<void>
}

type Answer = 'keep' | 'disconnect' | 'stay'

const UP: { question: QuitQuestion; answers: readonly Answer[] } = {
  question: {
    message: 'The tunnels are up. Keep them?',
    detail: 'Tunnels do not need this window: traffic goes on without it, and the next start finds them again.',
    buttons: ['Keep tunnels and quit', 'Disconnect and quit', 'Cancel'],
  },
  answers: ['keep', 'disconnect', 'stay'],
}

const BUSY: { question: QuitQuestion; answers: readonly Answer[] } = {
  question: {
    message: 'Work is going on. Quit in the middle of it?',
    detail: 'It stops where it is. The next start, "mole up" or "mole down" goes on from there.',
    buttons: ['Quit all the same', 'Cancel'],
  },
  answers: ['keep', 'stay'],
}

/** What must be asked before quitting, `null` when nothing would be lost. An engine elsewhere goes on without us. */
const inQuestion = (view: DeploymentView | null, isHosted: boolean): typeof UP | null => {
  if (isHosted && isBusy(view)) return BUSY
  return isHosted && isUp(view) ? UP : null
}

/** Asks before quitting with tunnels up, and leaves in order. `quitNow` skips the question. */
export const guardQuit = (options: QuitOptions): { quitNow(): void } => {
  const { app } = options
  let isLeaving = false
  let isAsking = false
  let isDecided = false

  const decide = async (): Promise<Answer> => {
    const found = isDecided ? null : inQuestion(options.view(), options.isHosted())
    if (found === null) return 'keep'
    return found.answers[await options.ask(found.question)] ?? 'stay'
  }

  const leave = async (): Promise<void> => {
    const answer = await decide()
    if (answer === 'stay') return
    if (answer === 'disconnect') await options.disconnect()
    // While there is an engine yet: it is what a page with unsaved changes is saved by.
    if (!(await options.closeWindow())) return
    await options.close()
    isLeaving = true
    app.quit()
  }

  app.on('before-quit', (event) => {
    if (isLeaving) return
    event.preventDefault()
    if (isAsking) return
    isAsking = true
    leave()
      .catch(options.showError)
      .finally(() => {
        isAsking = false
        isDecided = false
      })
  })

  return {
    quitNow: () => {
      isDecided = true
      app.quit()
    },
  }
}
