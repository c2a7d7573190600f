import { spawn } from 'node:child_process'

/** An opener that has not failed within this is showing something, or still starting the browser. */
const VERDICT_MS = 1500

/** The program that opens an address here, `null` where there is no display. */
export const browserOpener = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string | null => {
  if (platform === 'darwin') return 'open'
  const hasDisplay = (env.DISPLAY ?? '') !== '' || (env.WAYLAND_DISPLAY ?? '') !== ''
  return platform === 'linux' && hasDisplay ? 'xdg-open' : null
}

/** Opens an address with `opener`, by argv and never through a shell; `false` when that did not work. */
export const openWith = (opener: string, url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const child = spawn(opener, [url], { detached: true, stdio: 'ignore' })
    const timer = setTimeout(() => resolve(true), VERDICT_MS)
    const decide = (isOpened: boolean): void => {
      clearTimeout(timer)
      resolve(isOpened)
    }
    child.once('error', () => decide(false))
    child.once('exit', (code) => decide(code === 0))
    child.unref()
  })
