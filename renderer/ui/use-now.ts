import { useEffect, useState } from 'react'
import { engineNow } from '../app/engine-clock.ts'

/** The engine's time now, renewed every `everyMs` while `running`. */
export const useEngineNow = (everyMs: number, running = true): number => {
  const [now, setNow] = useState(() => engineNow())
  useEffect(() => {
    if (!running) return
    setNow(engineNow())
    const timer = setInterval(() => setNow(engineNow()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs, running])
  return now
}
