/** Nobody connected and nothing deployed for so long: a background engine ends. */
const IDLE_MS = 2000

/** Who started the engine needs a moment to connect. */
const FIRST_IDLE_MS = 10_000

export type IdleTimer = {
  /** Something changed: begin to wait, or stop waiting. */
  look(): void
  stop(): void
}

/** Calls `onIdle` once `isIdle` has held for a while; asked again only when told to look. */
export const openIdleTimer = (
  isIdle: () => boolean,
  onIdle: () => void,
  idleMs = IDLE_MS,
  firstMs = FIRST_IDLE_MS,
): IdleTimer => {
  let timer: NodeJS.Timeout | null = null
  let stopped = false

  const stopWaiting = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = null
  }

  const wait = (ms: number): void => {
    timer = setTimeout(() => {
      timer = null
      if (!stopped && isIdle()) onIdle()
    }, ms)
  }

  const look = (): void => {
    if (stopped) return
    if (!isIdle()) stopWaiting()
    else if (timer === null) wait(idleMs)
  }

  if (isIdle()) wait(firstMs)
  return {
    look,
    stop: () => {
      stopped = true
      stopWaiting()
    },
  }
}
