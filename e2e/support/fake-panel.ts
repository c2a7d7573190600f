import { fileURLToPath } from 'node:url'
import type { WebSocket } from 'ws'
import { appContract } from '../../contract/app.ts'
import { webSocketPort } from '../../contract/ports/web-socket.ts'
import { serve } from '../../contract/serve.ts'
import { servePanel } from '../../headless/serve-panel.ts'
import { createFakeEngine, type FakeEngine, type Scenario } from './fake-engine.ts'

export type FakePanel = {
  readonly engine: FakeEngine
  /** A fresh address of the built panel. */
  link(): string
  /** Cuts every connection, as when the engine ends; the page may come back. */
  cut(): void
  close(): Promise<void>
}

const DIST = process.env.MOLE_DIST ?? fileURLToPath(new URL('../../dist', import.meta.url))

/** The built panel on a loopback port, with the real server and contract, and an engine of cardboard behind them. */
export const startFakePanel = async (scenario: Scenario = {}): Promise<FakePanel> => {
  const engine = createFakeEngine(scenario)
  const sockets = new Set<WebSocket>()
  const server = await servePanel({
    root: `${DIST}/renderer`,
    onSocket: (socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      serve(appContract, engine.handlers, webSocketPort(socket))
    },
  })
  return {
    engine,
    link: () => server.link(),
    cut: () => {
      for (const socket of sockets) socket.terminate()
    },
    close: async () => {
      engine.stop()
      await server.close()
    },
  }
}
