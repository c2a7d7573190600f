import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import type { WebSocket } from 'ws'
import { MoleError } from '../contract/errors.ts'
import { listenPrivately } from '../engine/private-socket.ts'
import { type Admission, createAdmission } from './admission.ts'
import { listenOnLoopback } from './listen.ts'
import { LOOPBACK_ADDRESS } from './loopback.ts'
import { panelApp } from './panel-app.ts'
import { readPanelFile } from './panel-files.ts'
import { mayTry } from './peer-user.ts'
import { createSocketGate, type SocketGate } from './socket-gate.ts'

export type PanelServerOptions = {
  /** The built panel: dist/renderer. */
  readonly root: string
  /** Serves the app contract on an authenticated WebSocket. */
  readonly onSocket: (socket: WebSocket) => void
  /** TCP port on 127.0.0.1; 0 (the default) takes a free one. */
  readonly port?: number
  /** Anything but 127.0.0.1 is refused. */
  readonly address?: string
  /** Also listen here, for `ssh -L port:/path`. */
  readonly unixSocket?: string
  readonly authenticateWithinMs?: number
}

export type PanelServer = {
  readonly port: number
  /** A fresh one-time address. The token is in the fragment, which browsers send to nobody. */
  link(): string
  close(): Promise<void>
}

/** Connections at once, of browsers and of whoever else can reach loopback. */
const MOST_CONNECTIONS = 128

const newServer = (app: ReturnType<typeof panelApp>, gate: SocketGate): Server => {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  server.maxConnections = MOST_CONNECTIONS
  server.on('upgrade', gate.upgrade)
  return server
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

const linkOf = (port: number, admission: Admission): string =>
  `http://${LOOPBACK_ADDRESS}:${port}/#token=${admission.issueToken()}`

const assertBuilt = async (root: string): Promise<void> => {
  if ((await readPanelFile(root, '/').catch(() => null)) !== null) return
  throw new MoleError('not-available', 'The panel is not built.', {
    field: root,
    meaning: 'There is no page to serve; the "mole" command works without it.',
    nextStep: 'In the clone, run: npm run build',
  })
}

/**
 * Serves the panel to browsers of this machine, and to those that come through `ssh -L`.
 * @throws MoleError `denied` for a bind address that is not loopback, `conflict` for a port in use, `not-available` when
 *   the panel is not built.
 */
export const servePanel = async (options: PanelServerOptions): Promise<PanelServer> => {
  await assertBuilt(options.root)
  const admission = createAdmission()
  const gate = createSocketGate({
    admission,
    onSocket: options.onSocket,
    mayTry: (socket) => mayTry(socket as Parameters<typeof mayTry>[0]),
    ...(options.authenticateWithinMs === undefined ? {} : { authenticateWithinMs: options.authenticateWithinMs }),
  })
  const app = panelApp(options.root)
  const servers = [newServer(app, gate)]
  const close = async (): Promise<void> => {
    gate.close()
    await Promise.all(servers.map(closed))
  }
  try {
    const port = await listenOnLoopback(servers[0] as Server, options.address ?? LOOPBACK_ADDRESS, options.port ?? 0)
    if (options.unixSocket !== undefined) {
      const unix = newServer(app, gate)
      servers.push(unix)
      await listenPrivately(unix, options.unixSocket)
    }
    return { port, link: () => linkOf(port, admission), close }
  } catch (error) {
    await close()
    throw error
  }
}
