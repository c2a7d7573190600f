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
  once(event: 'ready-to-show', listener: () => void): unknown
  on(event: 'close', listener: () => void): unknown
  on(event: 'closed', listener: () => void): unknown
}

export type PanelWindowOptions = {
  makeWindow(options: BrowserWindowConstructorOptions): PanelWindow
  readonly preload: string
  readState(): WindowState | null
  writeState(state: WindowState): void
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
export const openPanelWindow = (options: PanelWindowOptions): { show(): void } => {
  let current: PanelWindow | null = null
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
    })
    void window.loadURL(APP_URL).catch(() => {})
    return window
  }
  return {
    show: () => {
      if (current === null) current = make()
      else bringForward(current)
    },
  }
}
