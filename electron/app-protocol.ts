import { readPanelFile } from '../headless/panel-files.ts'
import { securityHeaders } from '../headless/security-headers.ts'

/** The panel's own scheme: unlike `file:`, it has an origin, and reaches nothing but what is answered here. */
export const APP_SCHEME = 'app'
export const APP_ORIGIN = `${APP_SCHEME}://mole`
export const APP_URL = `${APP_ORIGIN}/`

/** `standard` gives it an origin and relative URLs, `secure` makes it a trustworthy context (web platform). */
export const APP_PRIVILEGES = { scheme: APP_SCHEME, privileges: { standard: true, secure: true } } as const

const SECURITY_HEADERS = securityHeaders(null)

const refuse = (status: 404 | 405): Response => new Response(null, { status, headers: SECURITY_HEADERS })

/** Answers `app://mole/…` with the files of the built panel in `root`, under the same policy as in a browser. */
export const answerApp =
  (root: string) =>
  async ({ url, method }: Pick<Request, 'url' | 'method'>): Promise<Response> => {
    if (method !== 'GET' && method !== 'HEAD') return refuse(405)
    const { protocol, host, pathname } = new URL(url)
    if (`${protocol}//${host}` !== APP_ORIGIN) return refuse(404)
    const file = await readPanelFile(root, pathname)
    if (file === null) return refuse(404)
    const headers = { ...SECURITY_HEADERS, 'content-type': file.mediaType, 'cache-control': 'no-store' }
    return new Response(method === 'HEAD' ? null : file.bytes, { status: 200, headers })
  }
