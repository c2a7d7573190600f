import { MoleError } from '../../contract/errors.ts'
import { type EngineClient, heedNewAddresses, openConnection } from '../connection.ts'
import { followActivity } from '../features/activity/activity-store.ts'
import { followDeployment } from '../features/deployment/deployment-store.ts'
import { followProfiles } from '../features/profiles/profiles-store.ts'
import { followTelemetry } from '../features/telemetry/telemetry-store.ts'
import { followTraffic } from '../features/traffic/traffic-store.ts'
import { useConnection } from './connection-store.ts'
import { queryClient } from './query-client.ts'

const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 8000

let wake: () => void = () => {}

/** Ends the wait for the next attempt. */
export const retryNow = (): void => wake()

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    wake = () => {
      clearTimeout(timer)
      resolve()
    }
  })

/** Feeds the stores from one connection until it ends. */
const follow = async (client: EngineClient): Promise<void> => {
  const stop = new AbortController()
  useConnection.setState({ status: 'open', client }, true)
  void queryClient.invalidateQueries()
  for (const feed of [followDeployment, followTelemetry, followActivity, followTraffic, followProfiles])
    void feed(client, stop.signal)
  await client.closed
  stop.abort()
}

/** One attempt. `null` when it must not be repeated. */
const attempt = async (): Promise<'ended' | 'failed' | null> => {
  try {
    await follow(await openConnection())
    return 'ended'
  } catch (error) {
    if (!(error instanceof MoleError) || error.code !== 'denied') return 'failed'
    useConnection.setState({ status: 'refused', problem: error }, true)
    return null
  }
}

const run = async (): Promise<void> => {
  let delayMs = FIRST_RETRY_MS
  while (true) {
    const outcome = await attempt()
    if (outcome === null) return
    delayMs = outcome === 'ended' ? FIRST_RETRY_MS : Math.min(delayMs * 2, LONGEST_RETRY_MS)
    useConnection.setState({ status: 'lost', retryAtMs: Date.now() + delayMs }, true)
    await pause(delayMs)
  }
}

/** Connects now and again after every loss, waiting longer each time nobody answers. */
export const keepConnected = (): void => {
  heedNewAddresses(() => useConnection.getState().status === 'open')
  void run()
}
