import { type AppContract, appContract } from '../contract/app.ts'
import { connect } from '../contract/connect.ts'
import type { Client } from '../contract/define.ts'
import { MoleError } from '../contract/errors.ts'
import type { Port } from '../contract/port.ts'
import { messagePort } from '../contract/ports/message-port.ts'
import { webSocketPort } from '../contract/ports/web-socket.ts'

export type EngineClient = Client<AppContract>

/** Where a tab keeps its session between reloads; it ends with the tab, and with the server that gave it. */
const SESSION_KEY = 'mole-session'
/** Close code of the panel's server: the token was not accepted. One that came too late (4408) may be shown again. */
const REFUSED_CODE = 4401
const OPEN_WITHIN_MS = 5000

/** The desktop shell serves the panel under a scheme of its own and hands over message ports. */
export const isDesktop = (): boolean => location.protocol === 'app:'

/**
 * Connects to the engine.
 * @throws MoleError `denied` when the server wants a fresh address, `engine-unreachable` when nobody answers
 */
export const openConnection = async (): Promise<EngineClient> =>
  connect(appContract, isDesktop() ? await nextDesktopPort() : await openWebSocket())

const unreachable = (): MoleError =>
  new MoleError('engine-unreachable', 'The engine does not answer.', {
    meaning: 'Tunnels that are up keep running without it, but nothing can be shown or changed.',
    nextStep: 'Start it again with: mole serve',
  })

const denied = (message: string): MoleError =>
  new MoleError('denied', message, {
    meaning: 'Each address opens the panel once, for the person who started it.',
    nextStep: 'Get a fresh address with: mole panel',
  })

/* Desktop: the preload script answers `mole-port-wanted` with `mole-port` and one end of a message channel. */

const nextDesktopPort = (): Promise<Port> =>
  new Promise((resolve, reject) => {
    const stop = new AbortController()
    const timer = setTimeout(() => {
      stop.abort()
      reject(unreachable())
    }, OPEN_WITHIN_MS)
    const receive = (event: MessageEvent): void => {
      const port = event.ports[0]
      if (event.source !== window || event.data !== 'mole-port' || port === undefined) return
      clearTimeout(timer)
      stop.abort()
      resolve(messagePort(port))
    }
    window.addEventListener('message', receive, { signal: stop.signal })
    window.postMessage('mole-port-wanted', location.origin)
  })

/* Browser: a WebSocket that must show a one-time token or this tab's session in its first frame. */

const tokenInAddress = (): string | undefined => /^#token=([0-9a-f]{1,128})$/.exec(location.hash)?.[1]

/**
 * Heeds an address with a token that is put into a tab where the panel is already: only the fragment changes, so the
 * browser by itself loads nothing. A tab that is connected has no use for it; any other tries it.
 */
export const heedNewAddresses = (isConnected: () => boolean): void =>
  window.addEventListener('hashchange', () => {
    if (tokenInAddress() === undefined) return
    if (isConnected()) location.replace('#/')
    else location.reload()
  })

/**
 * The secret of `#token=…`, taken out of the address bar at once so that it is neither bookmarked nor shown; else the
 * session of this tab; else `null`.
 */
const takeSecret = (): string | null => {
  const token = tokenInAddress()
  if (token === undefined) return sessionStorage.getItem(SESSION_KEY)
  history.replaceState(null, '', `${location.pathname}${location.search}#/`)
  // Until the server has answered, a reload should try the same token again.
  sessionStorage.setItem(SESSION_KEY, token)
  return token
}

const parseSession = (data: unknown): string | null => {
  try {
    const frame: unknown = JSON.parse(String(data))
    const session = typeof frame === 'object' && frame !== null && 'session' in frame ? frame.session : null
    return typeof session === 'string' ? session : null
  } catch {
    return null
  }
}

const refusal = (event: CloseEvent): MoleError => {
  if (event.code !== REFUSED_CODE) return unreachable()
  sessionStorage.removeItem(SESSION_KEY)
  return denied('This address has been used already, or the engine was started again since.')
}

const openWebSocket = (): Promise<Port> => {
  const secret = takeSecret()
  if (secret === null) return Promise.reject(denied('This address has no token in it.'))
  const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/socket`)
  return new Promise((resolve, reject) => {
    const stop = new AbortController()
    const { signal } = stop
    const timer = setTimeout(() => socket.close(), OPEN_WITHIN_MS)
    const settle = (): void => {
      clearTimeout(timer)
      stop.abort()
    }
    socket.addEventListener('open', () => socket.send(JSON.stringify({ token: secret })), { signal })
    socket.addEventListener(
      'close',
      (event) => {
        settle()
        reject(refusal(event))
      },
      { signal },
    )
    socket.addEventListener(
      'message',
      ({ data }) => {
        settle()
        const session = parseSession(data)
        if (session === null) {
          socket.close()
          return reject(unreachable())
        }
        sessionStorage.setItem(SESSION_KEY, session)
        resolve(webSocketPort(socket))
      },
      { signal },
    )
  })
}
