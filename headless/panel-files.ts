import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'

/** The kinds of file a built panel holds; anything else is not served. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
}

/**
 * Plain path segments only: letters, digits, "-", "_" and inner dots. No percent-encoding, no backslash, no segment that
 * starts with a dot, so "..", its disguises and hidden files cannot be spelt at all.
 */
const PLAIN_PATH = /^\/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*$/

export type PanelFile = {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly mediaType: string
  readonly cacheControl: string
}

/** Built assets carry a hash of their content in their name, so a copy never goes stale; the page itself may. */
const cacheControlOf = (path: string): string =>
  path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store'

/** `realpath`, so that a symbolic link inside the folder cannot lead out of it. */
const insideRoot = async (root: string, path: string): Promise<string | null> => {
  const realRoot = await realpath(root)
  const file = await realpath(join(realRoot, path))
  return file.startsWith(realRoot + sep) ? file : null
}

const isAbsence = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENAMETOOLONG', 'EACCES'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  )

/**
 * The file of the built panel at `urlPath` ("/" is its page), or `null` when there is no such file to be served.
 * `root` is dist/renderer.
 */
export const readPanelFile = async (root: string, urlPath: string): Promise<PanelFile | null> => {
  const path = urlPath === '/' ? '/index.html' : urlPath
  const mediaType = MEDIA_TYPES[extname(path)]
  if (mediaType === undefined || !PLAIN_PATH.test(path)) return null
  try {
    const file = await insideRoot(root, path)
    if (file === null) return null
    return { bytes: new Uint8Array(await readFile(file)), mediaType, cacheControl: cacheControlOf(path) }
  } catch (error) {
    if (isAbsence(error)) return null
    throw error
  }
}
