/** The part of Electron's `App` that is used. */
export type SingleApp = {
  requestSingleInstanceLock(): boolean
  on(event: 'second-instance', listener: () => void): unknown
  quit(): void
}

/** Whether this is the first instance. A second one makes the first show its window, and ends. */
export const isFirstInstance = (app: SingleApp, onSecond: () => void): boolean => {
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return false
  }
  app.on('second-instance', onSecond)
  return true
}
