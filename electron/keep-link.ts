import type { DeploymentView, ProfileSummary } from '../contract/app.ts'
import type { Port } from '../contract/port.ts'
import type { EngineLink } from './engine-link.ts'

/** How soon a lost engine is looked for again. */
const RETRY_MS = 1000

export type KeptLink = {
  /** The link as it is now; opened where there is none. @throws MoleError when it cannot be. */
  get(): Promise<EngineLink>
  /** Serves a page's port; a page that gets no answer closes it and asks again. */
  serve(page: Port): void
  /** The deployment as last heard, `null` while there is no engine to hear it from. */
  view(): DeploymentView | null
  isHosted(): boolean
  close(): Promise<void>
}

export type KeepLinkOptions = {
  open(): Promise<EngineLink>
  onView(view: DeploymentView | null): void
  onProfiles(profiles: readonly ProfileSummary[]): void
  /** Somebody asked our own engine to end: `mole serve --stop`. */
  onStopped(): void
  /** There is no engine to be had: why. Told once, however often it is tried in vain. */
  onError(error: unknown): void
  readonly retryMs?: number
}

/** Keeps a link to the engine: follows its deployment and its profiles, and looks for an engine again when it is lost. */
export const keepLink = (options: KeepLinkOptions): KeptLink => {
  let current: Promise<EngineLink> | null = null
  let linked: EngineLink | null = null
  let view: DeploymentView | null = null
  let isTold = false
  let isClosed = false

  const show = (next: DeploymentView | null): void => {
    view = next
    options.onView(next)
  }

  const tell = (error: unknown): void => {
    if (!isTold) options.onError(error)
    isTold = true
  }

  const follow = async (link: EngineLink): Promise<void> => {
    for await (const next of link.client.stream('deployment.watch', {})) {
      if (linked !== link) return
      show(next)
    }
  }

  const followProfiles = async (link: EngineLink): Promise<void> => {
    for await (const { profiles } of link.client.stream('profiles.watch', {})) options.onProfiles(profiles)
  }

  const onEnded = (reason: Awaited<EngineLink['ended']>): void => {
    current = null
    linked = null
    if (isClosed) return
    show(null)
    if (reason === 'asked') options.onStopped()
    else lookAgain()
  }

  const lookAgain = (): void => {
    const look = (): void => {
      if (isClosed) return
      get().catch((error: unknown) => {
        tell(error)
        lookAgain()
      })
    }
    setTimeout(look, options.retryMs ?? RETRY_MS).unref()
  }

  const open = async (): Promise<EngineLink> => {
    try {
      const link = await options.open()
      linked = link
      isTold = false
      void link.ended.then(onEnded)
      // The streams end with the engine; `ended` sees to what comes then.
      follow(link).catch(() => {})
      followProfiles(link).catch(() => {})
      return link
    } catch (error) {
      current = null
      throw error
    }
  }

  const get = (): Promise<EngineLink> => {
    current ??= open()
    return current
  }

  return {
    get,
    serve: (page) => {
      get().then(
        (link) => link.serve(page),
        (error: unknown) => {
          tell(error)
          page.writer.end()
        },
      )
    },
    view: () => view,
    isHosted: () => linked?.isHosted ?? false,
    close: async () => {
      isClosed = true
      // One that could not be opened needs no closing.
      const link = await current?.catch(() => null)
      await link?.close()
    },
  }
}
