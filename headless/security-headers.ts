/**
 * What the page may do. Scripts come from our own files only; styles may be inline, because the UI kit sets them;
 * the only connection is the page's own WebSocket, at `host`: not every browser counts it as 'self'.
 */
const contentSecurityPolicy = (host: string | null): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self'",
    "img-src 'self' data:",
    host === null ? "connect-src 'self'" : `connect-src 'self' ws://${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/**
 * Sent with every answer, also with refusals. There is no CORS header on purpose: no other page may read us. `host` is the
 * name and port of the WebSocket, one that was checked; `null` where there is none, as under `app://` in the desktop shell.
 */
export const securityHeaders = (host: string | null): Readonly<Record<string, string>> => ({
  'content-security-policy': contentSecurityPolicy(host),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()',
})
