import { create } from 'zustand'
import type { Profiles } from '../../../contract/app.ts'
import { followStream } from '../../app/follow-stream.ts'
import { queryClient } from '../../app/query-client.ts'
import type { EngineClient } from '../../connection.ts'

/** The saved profiles as the engine last told them; `null` before it told anything. */
export const useProfiles = create<{ readonly state: Profiles | null }>()(() => ({ state: null }))

export const followProfiles = (client: EngineClient, signal: AbortSignal): Promise<void> =>
  followStream(client, 'profiles.watch', {}, signal, (state) => {
    useProfiles.setState({ state })
    // What one makes may stand on another, or on a file beside them.
    void queryClient.invalidateQueries({ queryKey: ['config.check'] })
  })
