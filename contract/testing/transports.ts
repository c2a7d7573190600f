import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect as connectSocket, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { WebSocket, WebSocketServer } from 'ws'
import { type Port, portOver } from '../port.ts'
import { byteStreamPort } from '../ports/byte-stream.ts'
import { memoryWires } from '../ports/memory.ts'
import { type MainMessagePort, messagePort } from '../ports/message-port.ts'
import { webSocketPort } from '../ports/web-socket.ts'
import { Ledger, makeWorld, serveWorld, type World } from './world.ts'

/** The client's end of a connection, and the way around it: what a hostile peer would put on the wire. */
export type Line = {
  readonly port: Port
  /** Sends text as one frame, whatever it says. */
  sendFrame(text: string): void
  /** Sends bytes as they are, where the transport knows such. */
  sendBytes?(bytes: Uint8Array): void
}

export type Transport = {
  readonly name: string
  /** Cheap enough for many connections. */
  readonly isCheap: boolean
  /** Knows bytes, not whole messages. */
  readonly carriesBytes: boolean
  /** Starts the server. */
  start(guardMs?: number): Promise<Server>
}

export type Server = {
  open(): Promise<Line>
  /** What the handlers of the connections so far saw; waits until they saw `isExpected`. */
  ledger(isExpected: (ledger: Ledger) => boolean): Promise<Ledger>
  /** Ends it and everything it started; fails when it crashed. */
  stop(): Promise<void>
}

const inProcess = (world: World) => ({
  ledger: async (isExpected: (ledger: Ledger) => boolean) => {
    while (!isExpected(world.ledger)) await new Promise((resolve) => setTimeout(resolve, 5))
    return world.ledger
  },
})

const closeServices = (world: World): void => {
  for (const service of world.services) service.close()
}

const memory: Transport = {
  name: 'memory',
  isCheap: true,
  carriesBytes: false,
  start: async (guardMs) => {
    const world = makeWorld(guardMs)
    return {
      ...inProcess(world),
      open: async () => {
        const [here, there] = memoryWires()
        void serveWorld(world, portOver(there))
        return { port: portOver(here), sendFrame: (text) => void here.send(text) }
      },
      stop: async () => closeServices(world),
    }
  },
}

const unixSocket: Transport = {
  name: 'Unix socket',
  isCheap: true,
  carriesBytes: true,
  start: async (guardMs) => {
    const world = makeWorld(guardMs)
    const directory = await mkdtemp(join(tmpdir(), 'mole-'))
    const server = createServer((socket) => void serveWorld(world, byteStreamPort(socket)))
    server.listen(join(directory, 's'))
    await once(server, 'listening')
    return {
      ...inProcess(world),
      open: async () => {
        const socket = connectSocket(join(directory, 's'))
        await once(socket, 'connect')
        return {
          port: byteStreamPort(socket),
          sendFrame: (text) => void socket.write(`${text}\n`),
          sendBytes: (bytes) => void socket.write(bytes),
        }
      },
      stop: async () => {
        closeServices(world)
        server.close()
        await rm(directory, { recursive: true })
      },
    }
  },
}

type Child = ChildProcess & { stdin: NonNullable<ChildProcess['stdin']>; stdout: NonNullable<ChildProcess['stdout']> }

/** One process a connection. Its ledger is known when it has ended in good order. */
const stdio: Transport = {
  name: 'stdio',
  isCheap: false,
  carriesBytes: true,
  start: async (guardMs) => {
    const children: { child: Child; ended: Promise<{ code: number | null; stderr: string }> }[] = []
    const total = async (): Promise<Ledger> => {
      const ledgers: Ledger[] = []
      for (const { ended } of children) ledgers.push(Ledger.parse(JSON.parse((await ended).stderr)))
      const sum = (key: keyof Ledger): number => ledgers.reduce((all, ledger) => all + ledger[key], 0)
      return {
        waitsStarted: sum('waitsStarted'),
        waitsAborted: sum('waitsAborted'),
        streamsStarted: sum('streamsStarted'),
        streamsFinished: sum('streamsFinished'),
      }
    }
    return {
      open: async () => {
        const script = fileURLToPath(new URL('stdio-server.ts', import.meta.url))
        const child = spawn(process.execPath, [script, String(guardMs ?? 5000)], { stdio: 'pipe' }) as unknown as Child
        let stderr = ''
        child.stderr?.setEncoding('utf8').on('data', (text: string) => {
          stderr += text
        })
        children.push({ child, ended: once(child, 'close').then(([code]) => ({ code, stderr })) })
        return {
          port: byteStreamPort(child.stdout, child.stdin),
          sendFrame: (text) => void child.stdin.write(`${text}\n`),
          sendBytes: (bytes) => void child.stdin.write(bytes),
        }
      },
      ledger: async (isExpected) => {
        const ledger = await total()
        if (!isExpected(ledger)) throw new Error(`the handlers saw ${JSON.stringify(ledger)}`)
        return ledger
      },
      stop: async () => {
        for (const { child } of children) child.stdin.end()
        const ends = await Promise.all(children.map(({ ended }) => ended))
        const crash = ends.find(({ code }) => code !== 0)
        if (crash !== undefined) throw new Error(`the server ended with ${crash.code}: ${crash.stderr}`)
      },
    }
  },
}

const webSocket: Transport = {
  name: 'WebSocket',
  isCheap: true,
  carriesBytes: false,
  start: async (guardMs) => {
    const world = makeWorld(guardMs)
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, maxPayload: 8 * 1024 * 1024 })
    server.on('connection', (socket) => void serveWorld(world, webSocketPort(socket)))
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    return {
      ...inProcess(world),
      open: async () => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}`)
        const line = { port: webSocketPort(socket), sendFrame: (text: string) => socket.send(text) }
        await once(socket, 'open')
        return line
      },
      stop: async () => {
        for (const socket of server.clients) socket.terminate()
        server.close()
        await once(server, 'close')
      },
    }
  },
}

/** A port as Electron's main process has it: Node-style events whose messages come wrapped. */
const asMainPort = (port: MessagePort): MainMessagePort => ({
  postMessage: (message) => port.postMessage(message),
  start: () => port.start(),
  close: () => port.close(),
  on: (event: 'message' | 'close', listener: (message: { data: unknown }) => void) =>
    port.on(event, (data: unknown) => listener({ data })),
})

const messageChannel: Transport = {
  name: 'MessagePort',
  isCheap: true,
  carriesBytes: false,
  start: async (guardMs) => {
    const world = makeWorld(guardMs)
    const opened: MessagePort[] = []
    return {
      ...inProcess(world),
      open: async () => {
        const { port1, port2 } = new MessageChannel()
        opened.push(port1)
        void serveWorld(world, messagePort(asMainPort(port1)))
        return { port: messagePort(port2), sendFrame: (text) => port2.postMessage(text) }
      },
      stop: async () => {
        for (const port of opened) port.close()
      },
    }
  },
}

export const transports: readonly Transport[] = [memory, unixSocket, stdio, webSocket, messageChannel]
