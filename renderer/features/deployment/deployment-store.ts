import { create } from 'zustand'
import type { DeploymentView } from '../../../contract/app.ts'
import { followStream } from '../../app/follow-stream.ts'
import type { EngineClient } from '../../connection.ts'

/** The deployment as the engine last told it; `null` before it told anything. */
export const useDeployment = create<{ readonly view: DeploymentView | null }>()(() => ({ view: null }))

export const followDeployment = (client: EngineClient, signal: AbortSignal): Promise<void> =>
  followStream(client, 'deployment.watch', {}, signal, (view) => useDeployment.setState({ view }))
