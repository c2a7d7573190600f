import type { HelperClient, HostAccess } from '../cloud/provider.ts'
import type { StepHost } from '../deployment/step.ts'

/** Keeps one connection to the helper for everything in the engine, and makes a new one when it is gone. */
export const openHelperLink = (access: HostAccess): StepHost => {
  let client: HelperClient | null = null
  let connecting: { readonly client: Promise<HelperClient>; readonly signal: AbortSignal } | null = null

  /** Of two that were reached at the same time the first is kept: the other one would stay open for nobody. */
  const adopt = (next: HelperClient): HelperClient => {
    if (client !== null) {
      next.close()
      return client
    }
    client = next
    void next.closed.then(() => {
      if (client === next) client = null
    })
    return next
  }

  const connect = async (signal: AbortSignal): Promise<HelperClient> => {
    try {
      return adopt(await access.ensure(signal))
    } finally {
      connecting = null
    }
  }

  return {
    // One start at a time: two would race for the helper's lock.
    ensure: async (signal) => {
      for (;;) {
        if (client !== null) return client
        connecting ??= { client: connect(signal), signal }
        const { client: start, signal: starter } = connecting
        try {
          return await start
        } catch (error) {
          // Whoever began it gave up; that is no reason for us.
          if (signal.aborted || !starter.aborted) throw error
        }
      }
    },
    find: async () => {
      if (client !== null) return client
      const found = await access.find()
      return found === null ? null : adopt(found)
    },
    release: () => {
      client?.close()
      client = null
    },
  }
}
