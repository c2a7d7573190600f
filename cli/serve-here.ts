import { join } from 'node:path'
import type { WebSocket } from 'ws'
import { appContract } from '../contract/app.ts'
import { webSocketPort } from '../contract/ports/web-socket.ts'
import { serve } from '../contract/serve.ts'
import { type HostedEngine, hostEngine } from '../engine/host-engine.ts'
import { type Paths, packageRoot } from '../engine/paths.ts'
import { type PanelServer, servePanel } from '../headless/serve-panel.ts'
import type { Served, ServeRequest } from './world.ts'

const LINK_LIFE_MS = 10 * 60_000

/** Serves the engine on one browser tab's socket; as long as it is open, the engine does not count as idle. */
const serveTab = (hosted: HostedEngine, socket: WebSocket): void => {
  const release = hosted.hold()
  const { closed } = serve(appContract, hosted.engine.handlers, webSocketPort(socket), {
    log: ({ event, method, error }) => hosted.log.warn({ event, method, error: String(error) }, 'request refused'),
  })
  void closed.then(release)
}

/** Opens the panel's server when first asked for it, so that an engine nobody watches listens on no port. */
const openPanelOnce = (open: () => Promise<PanelServer>): (() => Promise<PanelServer>) => {
  let opened: Promise<PanelServer> | null = null
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = null
      throw error
    })
    return opened
  }
}

/**
 * Runs the engine in this process, with its panel on loopback.
 * @throws MoleError as `hostEngine` and `servePanel` do; nothing is left running then.
 */
export const serveHere = async (paths: Paths, version: string, request: ServeRequest): Promise<Served> => {
  const hosted = await hostEngine({ paths, version, endWhenIdle: request.untilIdle })
  const unixSocket = join(paths.runtime, 'panel.sock')
  const panel = openPanelOnce(() =>
    servePanel({
      root: join(packageRoot(), 'dist', 'renderer'),
      port: request.port,
      unixSocket,
      onSocket: (socket) => serveTab(hosted, socket),
    }),
  )
  let isOpen = false
  const link = async (): Promise<string> => {
    const server = await panel()
    isOpen = true
    // Whoever got the address needs time to open it, also where nothing else keeps this engine.
    setTimeout(hosted.hold(), LINK_LIFE_MS).unref()
    return server.link()
  }
  hosted.engine.providePanel(link)
  const ended = hosted.ended.then(async () => {
    if (isOpen) await (await panel()).close()
  })
  return { pid: process.pid, unixSocket, link, ended, stop: () => hosted.close() }
}
