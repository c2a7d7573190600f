import { useEffect, useState } from 'react'
import type { AppContract, Problem } from '../../contract/app.ts'
import type { EventOf, InputOf, StreamName } from '../../contract/define.ts'
import { toProblem } from '../ui/to-problem.ts'
import { useConnection } from './connection-store.ts'
import { followStream } from './follow-stream.ts'

type Live<T> = {
  /** The newest event; `null` before the first. */
  readonly value: T | null
  /** Why nothing comes; `null` as soon as something does. */
  readonly problem: Problem | null
}

const NOTHING: Live<never> = { value: null, problem: null }

/** Streams that need no input. */
type Plain = Extract<
  StreamName<AppContract>,
  'autoscale.watch' | 'flows.watch' | 'host.watch' | 'optimize.watch' | 'probe.watch' | 'probe.history'
>

/**
 * Follows a stream only while the component is on a page that somebody sees: what costs the engine a look a second is
 * not asked for behind a hidden tab.
 */
export const useLiveStream = <K extends Plain>(name: K): Live<EventOf<AppContract, K>> => {
  const client = useConnection((state) => (state.status === 'open' ? state.client : null))
  const [live, setLive] = useState<Live<EventOf<AppContract, K>>>(NOTHING)
  useEffect(() => {
    if (client === null) return
    let stop = new AbortController()
    const turn = (): void => {
      stop.abort()
      stop = new AbortController()
      if (document.hidden) return
      void followStream(
        client,
        name,
        {} as InputOf<AppContract, K>,
        stop.signal,
        (value) => setLive({ value, problem: null }),
        (error) => setLive(({ value }) => ({ value, problem: toProblem(error) })),
      )
    }
    turn()
    document.addEventListener('visibilitychange', turn)
    return () => {
      document.removeEventListener('visibilitychange', turn)
      stop.abort()
    }
  }, [client, name])
  return live
}
