import { execFile } from 'node:child_process'
import { MoleError } from '../contract/errors.ts'

/** How a program ended; `null` when it could not be started. */
export type Ended = { readonly code: number; readonly output: string } | null

export type RunProgram = (program: string, argv: readonly string[]) => Promise<Ended>

export type InstallParts = {
  /** Our Node.js and the command line, absolute. */
  readonly node: string
  readonly cli: string
  /** For whom. */
  readonly user: string
  readonly env: NodeJS.ProcessEnv
  readonly run?: RunProgram
}

/** polkit's own program: it asks for the password in a window of the desktop (`pkexec(1)`). */
const PKEXEC = '/usr/bin/pkexec'
/** "not authorized", also when the person closed the window, and "dismissed". */
const REFUSED = [126, 127]

/** A person is at work: there is no time limit. By argument vector; nothing is ever a shell's. */
const runProgram: RunProgram = (program, argv) =>
  new Promise((resolve) => {
    execFile(program, [...argv], (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code
      resolve(typeof code === 'number' ? { code, output: (stdout + stderr).trim() } : null)
    })
  })

const byHand = (message: string, meaning: string, user: string): MoleError =>
  new MoleError('denied', message, {
    field: 'helper',
    meaning,
    nextStep: `Try again, or run in a terminal: sudo mole helper install --user ${user}`,
  })

/** Root cannot read the mounted image of an AppImage, which is its user's alone (`mount.fuse(8)`, allow_root). */
const inAppImage = (): MoleError =>
  new MoleError('not-available', 'An AppImage cannot install the helper that makes tunnels on this machine.', {
    field: 'helper',
    meaning: 'What lies in it can be read by you alone, and root must copy the helper from it.',
    nextStep: 'Install the .deb package, or a clone, and run: sudo mole helper install. The lab works without it.',
  })

/**
 * Installs the helper for the person at this desktop, who is asked for a password by polkit. Two that ask at once ask
 * once.
 * @throws MoleError `denied` when they refuse or it fails, `not-available` where it cannot be done.
 */
export const helperInstaller = ({ node, cli, user, env, run = runProgram }: InstallParts): (() => Promise<void>) => {
  let installing: Promise<void> | null = null

  const install = async (): Promise<void> => {
    if (env.APPIMAGE !== undefined) throw inAppImage()
    const ended = await run(PKEXEC, [node, cli, 'helper', 'install', '--quiet', '--user', user])
    if (ended === null) throw byHand('This desktop has no way to ask for a password.', `${PKEXEC} is missing.`, user)
    if (REFUSED.includes(ended.code)) throw byHand('The helper was not installed.', 'It was not allowed.', user)
    if (ended.code !== 0) throw byHand('The helper could not be installed.', ended.output.slice(0, 500), user)
  }

  return async () => {
    installing ??= install().finally(() => {
      installing = null
    })
    return installing
  }
}
