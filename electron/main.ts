import { join } from 'node:path'
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeImage,
  protocol,
  screen,
  session,
  Tray,
} from 'electron'
import { messagePort } from '../contract/ports/message-port.ts'
import { userName } from '../engine/host/user-name.ts'
import { packageRoot, resolvePaths } from '../engine/paths.ts'
import { makeProviders } from '../engine/providers.ts'
import { APP_PRIVILEGES, APP_SCHEME, answerApp } from './app-protocol.ts'
import { disconnect } from './disconnect.ts'
import { openEngineLink } from './engine-link.ts'
import { guardContents, guardSession } from './guard-contents.ts'
import { helperInstaller } from './install-helper.ts'
import { installation } from './installation.ts'
import { keepLink } from './keep-link.ts'
import { openPageChannel } from './page-channel.ts'
import { openPanelWindow } from './panel-window.ts'
import { guardQuit } from './quit.ts'
import { errorTexts } from './show-error.ts'
import { isFirstInstance } from './single-instance.ts'
import { openTray, type TrayIcon } from './tray.ts'
import { readWindowState, writeWindowState } from './window-state.ts'

/* Composition only: what is worth testing lies in the files above, which Electron is handed to. */

const { panel, preload, trayIcon, helper, cli } = installation(
  packageRoot(),
  app.isPackaged ? process.resourcesPath : null,
)
const paths = resolvePaths()
const install = helperInstaller({ node: helper.node, cli, user: userName(), env: process.env })
const stateFile = join(app.getPath('userData'), 'window.json')

const showError = (error: unknown): void => {
  const { title, content } = errorTexts(error)
  dialog.showErrorBox(title, content)
}

const makeTrayIcon = (): TrayIcon => {
  const tray = new Tray(nativeImage.createFromPath(trayIcon))
  return {
    setToolTip: (text) => tray.setToolTip(text),
    setMenu: (items) => tray.setContextMenu(Menu.buildFromTemplate([...items])),
    on: (event, listener) => tray.on(event, listener),
  }
}

const start = (): void => {
  guardSession(session.defaultSession)
  protocol.handle(APP_SCHEME, answerApp(panel))

  const link = keepLink({
    open: () =>
      openEngineLink({
        paths,
        version: app.getVersion(),
        endWhenIdle: false,
        program: helper,
        providers: makeProviders({ paths, environment: process.env, program: helper, install }),
      }),
    onView: (view) => tray.show(view),
    onProfiles: (profiles) => tray.showProfiles(profiles),
    onStopped: () => quit.quitNow(),
    onError: showError,
  })
  openPageChannel({
    ipc: ipcMain,
    makeChannel: () => new MessageChannelMain(),
    onPort: (port) => link.serve(messagePort(port)),
  })
  const takeDown = async (): Promise<void> => disconnect((await link.get()).client)
  const quit = guardQuit({
    app,
    view: link.view,
    isHosted: link.isHosted,
    ask: async ({ message, detail, buttons }) => {
      const options = {
        type: 'question' as const,
        message,
        detail,
        buttons: [...buttons],
        cancelId: buttons.length - 1,
      }
      return (await dialog.showMessageBox(options)).response
    },
    disconnect: takeDown,
    showError,
    closeWindow: window.close,
    close: link.close,
  })
  const tray = openTray(makeTrayIcon(), {
    showPanel: window.show,
    connectProfile: (profile) =>
      void link
        .get()
        .then(({ client }) => client.call('deployment.connect', { profile }))
        .catch(showError),
    connect: (plan) =>
      void link
        .get()
        .then(({ client }) => client.call('deployment.deploy', { plan }))
        .catch(showError),
    disconnect: () => void takeDown().catch(showError),
    quit: () => app.quit(),
  })
  link.get().catch(showError)
  window.show()
}

const window = openPanelWindow({
  makeWindow: (options) => new BrowserWindow(options),
  preload,
  readState: () =>
    readWindowState(
      stateFile,
      screen.getAllDisplays().map(({ workArea }) => workArea),
    ),
  writeState: (state) => writeWindowState(stateFile, state),
  mayDiscard: () =>
    dialog.showMessageBoxSync({
      type: 'question',
      message: 'Leave with unsaved changes?',
      detail: 'What you changed in this profile is not saved.',
      buttons: ['Discard changes', 'Stay'],
      defaultId: 1,
      cancelId: 1,
    }) === 0,
})

/** Before it is ready, Electron can make no window; `start` shows one as soon as it is. */
const showWindow = (): void => {
  if (app.isReady()) window.show()
}

protocol.registerSchemesAsPrivileged([APP_PRIVILEGES])
app.on('web-contents-created', (_event, contents) => guardContents(contents))
// The tunnels and the tray live on without a window; listening is what keeps Electron from quitting.
app.on('window-all-closed', () => {})
app.on('activate', showWindow)
if (isFirstInstance(app, showWindow)) void app.whenReady().then(start).catch(showError)
