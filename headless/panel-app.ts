import { type Context, Hono } from 'hono'
import { isLoopbackHost } from './loopback.ts'
import { readPanelFile } from './panel-files.ts'
import { securityHeaders } from './security-headers.ts'

const NOT_LOOPBACK = 'This panel answers only under localhost, 127.0.0.1 or [::1].\n'
const NO_METHOD = 'Only GET and HEAD are served here.\n'
const NO_FILE = 'There is no such file in the panel.\n'

const refuse = (context: Context, status: 404 | 405 | 421, text: string): Response => context.text(text, status)

const answerWithFile = async (context: Context, root: string): Promise<Response> => {
  const file = await readPanelFile(root, context.req.path)
  if (file === null) return refuse(context, 404, NO_FILE)
  const headers = { 'content-type': file.mediaType, 'cache-control': file.cacheControl }
  // Hono drops the body of the answer to HEAD by itself and keeps its headers.
  return context.body(file.bytes, 200, headers)
}

/**
 * The panel's files over HTTP: GET and HEAD of the built renderer under a loopback name, and nothing else.
 * 421 (RFC 9110 §15.5.20) tells a rebound name that it is not served here.
 */
export const panelApp = (root: string): Hono => {
  const app = new Hono()
  app.use(async (context, next) => {
    await next()
    const host = context.req.header('host')
    const headers = securityHeaders(isLoopbackHost(host) ? host : null)
    for (const [name, value] of Object.entries(headers)) context.header(name, value)
  })
  app.use(async (context, next) => {
    if (!isLoopbackHost(context.req.header('host'))) return refuse(context, 421, NOT_LOOPBACK)
    if (context.req.method === 'GET' || context.req.method === 'HEAD') return next()
    context.header('allow', 'GET, HEAD')
    return refuse(context, 405, NO_METHOD)
  })
  app.get('*', (context) => answerWithFile(context, root))
  return app
}
