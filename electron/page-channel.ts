import type { MessagePortMain } from 'electron'
import { APP_ORIGIN } from './app-protocol.ts'

/** Both directions of the one thing that page and main process say to each other outside the contract. */
const PORT_WANTED = 'mole-port-wanted'
const PORT = 'mole-port'

/** The calls made of Electron's `WebFrameMain`. */
export type Frame = {
  readonly url: string
  readonly parent: unknown
  postMessage(channel: string, message: unknown, transfer: MessagePortMain[]): void
}

/** The part of Electron's `IpcMainEvent` that is looked at. */
export type PortRequest = { readonly senderFrame: Frame | null }

/** The part of Electron's `IpcMain` that is used. */
export type PageIpc = { on(channel: typeof PORT_WANTED, listener: (event: PortRequest) => void): unknown }

/** Whether a frame is our own page itself: not embedded, not navigated elsewhere, not gone. */
export const isPanelFrame = (frame: Pick<Frame, 'url' | 'parent'> | null): boolean => {
  if (frame === null || frame.parent !== null || !URL.canParse(frame.url)) return false
  const { protocol, host } = new URL(frame.url)
  return `${protocol}//${host}` === APP_ORIGIN
}

export type PageChannelOptions = {
  readonly ipc: PageIpc
  makeChannel(): { readonly port1: MessagePortMain; readonly port2: MessagePortMain }
  /** Serves the engine on our end of a page's channel. */
  onPort(port: MessagePortMain): void
}

/** Gives our page, and nothing else that asks, one end of a message channel to the engine. */
export const openPageChannel = ({ ipc, makeChannel, onPort }: PageChannelOptions): void => {
  ipc.on(PORT_WANTED, ({ senderFrame }) => {
    if (senderFrame === null || !isPanelFrame(senderFrame)) return
    const { port1, port2 } = makeChannel()
    onPort(port1)
    senderFrame.postMessage(PORT, null, [port2])
  })
}
