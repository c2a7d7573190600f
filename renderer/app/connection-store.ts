import { create } from 'zustand'
import { MoleError } from '../../contract/errors.ts'
import type { EngineClient } from '../connection.ts'

export type ConnectionState =
  | { readonly status: 'connecting' }
  | { readonly status: 'open'; readonly client: EngineClient }
  /** `retry` says when the next attempt is due. */
  | { readonly status: 'lost'; readonly retryAtMs: number }
  | { readonly status: 'refused'; readonly problem: MoleError }

/** The one connection to the engine. Written only by `keepConnected`. */
export const useConnection = create<ConnectionState>()(() => ({ status: 'connecting' }) as ConnectionState)

/** Whether the engine can be asked. */
export const useIsOpen = (): boolean => useConnection(({ status }) => status === 'open')

/** @throws MoleError `engine-unreachable` while there is no connection */
export const currentClient = (): EngineClient => {
  const state = useConnection.getState()
  if (state.status === 'open') return state.client
  throw new MoleError('engine-unreachable', 'There is no connection to the engine just now.', {
    meaning: 'Nothing was changed.',
    nextStep: 'Wait until the panel is connected again, then repeat it.',
  })
}
