/** The part of a DOM message event that is looked at. */
export type PageMessage = { readonly source: unknown; readonly data: unknown }

/** The part of the page's `window` that the preload script uses. */
export type PageWindow = {
  readonly location: { readonly origin: string }
  addEventListener(event: 'message', listener: (event: PageMessage) => void): void
  postMessage(message: string, targetOrigin: string, transfer: readonly unknown[]): void
}

/** The part of Electron's `IpcRenderer` that the preload script uses. */
export type PreloadIpc = {
  on(channel: 'mole-port', listener: (event: { readonly ports: readonly unknown[] }) => void): unknown
  send(channel: 'mole-port-wanted'): void
}

/**
 * All that the preload script does: the page asks for a port with `mole-port-wanted`, and gets it as `mole-port`. Nothing of
 * Electron or Node is exposed.
 */
export const handOverPorts = (page: PageWindow, ipc: PreloadIpc): void => {
  page.addEventListener('message', ({ source, data }) => {
    if (source === page && data === 'mole-port-wanted') ipc.send('mole-port-wanted')
  })
  ipc.on('mole-port', ({ ports }) => {
    const [port] = ports
    if (port !== undefined) page.postMessage('mole-port', page.location.origin, [port])
  })
}
