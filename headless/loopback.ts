import { MoleError } from '../contract/errors.ts'

/** The one address the panel listens on. */
export const LOOPBACK_ADDRESS = '127.0.0.1'

/**
 * Names under which a browser may reach the panel. A page of another site that rebinds its own DNS name to
 * 127.0.0.1 still sends *its* name in `Host`, so checking the name stops DNS rebinding. The port is free, so that
 * `ssh -L anyport:…` works.
 */
const LOOPBACK_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::([0-9]{1,5}))?$/

/** Whether a `Host` header (RFC 9110 §7.2) is a loopback name, with or without a port. */
export const isLoopbackHost = (host: string | undefined): host is string => {
  const match = LOOPBACK_HOST.exec(host ?? '')
  return match !== null && Number(match[1] ?? 0) <= 65_535
}

/**
 * Whether a WebSocket's `Origin` (RFC 6454, RFC 6455 §10.2) is the very page we serve under `host`. A browser always
 * sends it on a WebSocket, so a missing one is refused too.
 */
export const isOwnOrigin = (origin: string | undefined, host: string): boolean => origin === `http://${host}`

/** @throws MoleError `denied` when `address` is not 127.0.0.1: the panel is never open to the network. */
export const assertLoopbackAddress = (address: string): void => {
  if (address === LOOPBACK_ADDRESS) return
  throw new MoleError('denied', `The panel does not listen on "${address}", only on ${LOOPBACK_ADDRESS}.`, {
    field: 'address',
    meaning: 'On any other address, everybody who reaches this machine could try to command its tunnels.',
    nextStep: 'To reach the panel from another machine, forward its port: ssh -L 8080:127.0.0.1:PORT this-host',
  })
}
