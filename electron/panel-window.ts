import type { BrowserWindowConstructorOptions } from 'electron'
import { APP_URL } from './app-protocol.ts'
import type { Bounds, WindowState } from './window-state.ts'

/** The calls made of Electron's `BrowserWindow`. */
export type PanelWindow = {
  loadURL(url: string): Promise<void>
  show(): void
  focus(): void
  restore(): void
  maximize(): void
  isMinimized(): boolean
  isMaximized(): boolean
  getNormalBounds(): Bounds
  close(): void
  once(event: 'ready-to-show', listener: () => void): unknown
  on(event: 'close', listener: () => void): unknown
  on(event: 'closed', listener: () => void): unknown
  readonly webContents: {
    on(event: 'will-prevent-unload', listener: (event: { preventDefault(): void }) => void): unknown
  }
}

export type PanelWindowOptions = {
  makeWindow(options: BrowserWindowConstructorOptions): PanelWindow
  readonly preload: string
  readState(): WindowState | null
  writeState(state: WindowState): void
  /** Asks, and waits for the answer, whether what was changed in the page and not saved may be lost. */
  mayDiscard(): boolean
}

export type OpenPanelWindow = {
  show(): void
  /** Closes it as a person would; `false` when it stays, for what is not saved in it. */
  close(): Promise<boolean>
}

/** The page gets nothing of Node or Electron: it is as confined as a page in a browser. */
export const windowOptions = (preload: string, state: WindowState | null): BrowserWindowConstructorOptions => ({
  width: 1280,
  height: 840,
  ...state?.bounds,
  minWidth: 720,
  minHeight: 480,
  title: 'Cloud Mole',
  show: false,
  autoHideMenuBar: true,
  webPreferences: {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  },
})

const bringForward = (window: PanelWindow): void => {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** The one window: `show` makes it, or brings it forward. Closing it ends nothing else. */
export const openPanelWindow = (options: PanelWindowOptions): OpenPanelWindow => {
  let current: PanelWindow | null = null
  let onClosing = (_isClosed: boolean): void => {}
  const make = (): PanelWindow => {
    const state = options.readState()
    const window = options.makeWindow(windowOptions(options.preload, state))
    if (state?.isMaximized === true) window.maximize()
    window.once('ready-to-show', () => window.show())
    window.on('close', () =>
      options.writeState({ bounds: window.getNormalBounds(), isMaximized: window.isMaximized() }),
    )
    window.on('closed', () => {
      current = null
      onClosing(true)
    })
    // Unlike a browser, Electron asks nobody: the page that has unsaved changes would keep the window open without a word.
    window.webContents.on('will-prevent-unload', (event) => {
      if (options.mayDiscard()) event.preventDefault()
      else onClosing(false)
    })
    void window.loadURL(APP_URL).catch(() => {})
    return window
  }
  return {
    show: () => {
      if (current === null) current = make()
      else bringForward(current)
    },
    close: async () => {
      if (current === null) return true
      const closing = new Promise<boolean>((resolve) => {
        onClosing = resolve
      })
      current.close()
      return closing
    },
  }
}
