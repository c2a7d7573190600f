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
  /** The deployment as last heard, `null` before anything was. */
  view(): DeploymentView | null
  isHosted(): boolean
  close(): Promise<void>
}

export type KeepLinkOptions = {
  open(): Promise<EngineLink>
  onView(view: DeploymentView): void
  onProfiles(profiles: readonly ProfileSummary[]): void
  /** Somebody asked our own engine to end: `mole serve --stop`. */
  onStopped(): void
  onError(error: unknown): void
  readonly retryMs?: number
}

/** Keeps a link to the engine: follows its deployment and its profiles, and looks for an engine again when it is lost. */
export const keepLink = (options: KeepLinkOptions): KeptLink => {
  let current: Promise<EngineLink> | null = null
  let view: DeploymentView | null = null
  let isHosted = false
  let isClosed = false

  const follow = async (link: EngineLink): Promise<void> => {
    for await (const next of link.client.stream('deployment.watch', {})) {
      view = next
      options.onView(next)
    }
  }

  const followProfiles = async (link: EngineLink): Promise<void> => {
    for await (const { profiles } of link.client.stream('profiles.watch', {})) options.onProfiles(profiles)
  }

  const onEnded = (reason: Awaited<EngineLink['ended']>): void => {
    current = null
    if (isClosed) return
    if (reason === 'asked') options.onStopped()
    else setTimeout(again, options.retryMs ?? RETRY_MS).unref()
  }

  const again = (): void => {
    if (!isClosed) void get().catch(options.onError)
  }

  const open = async (): Promise<EngineLink> => {
    try {
      const link = await options.open()
      isHosted = link.isHosted
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
          options.onError(error)
          page.writer.end()
        },
      )
    },
    view: () => view,
    isHosted: () => isHosted,
    close: async () => {
      isClosed = true
      await (await current)?.close()
    },
  }
}
