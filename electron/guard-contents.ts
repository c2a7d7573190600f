type Cancellable = { preventDefault(): void }

/** The calls made of Electron's `WebContents`. */
export type GuardedContents = {
  setWindowOpenHandler(handler: () => { action: 'deny' }): void
  on(event: 'will-navigate' | 'will-redirect' | 'will-frame-navigate', listener: (event: Cancellable) => void): unknown
  on(event: 'will-attach-webview', listener: (event: Cancellable) => void): unknown
}

/** The calls made of Electron's `Session`. */
export type GuardedSession = {
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: unknown, answer: (ok: boolean) => void) => void,
  ): void
  setPermissionCheckHandler(handler: () => boolean): void
  setDevicePermissionHandler(handler: () => boolean): void
}

const prevent = (event: Cancellable): void => event.preventDefault()

/** The panel is one page: it opens no window, embeds nothing, and never leaves for anywhere. */
export const guardContents = (contents: GuardedContents): void => {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-navigate', prevent)
  contents.on('will-redirect', prevent)
  contents.on('will-frame-navigate', prevent)
  contents.on('will-attach-webview', prevent)
}

/** The panel needs no camera, location, notification or device, so a page that asks for one is not ours. */
export const guardSession = (session: GuardedSession): void => {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
}
