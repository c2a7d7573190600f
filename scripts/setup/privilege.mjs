import { findProgram } from './programs.mjs'
import { run } from './run.mjs'
import { say } from './say.mjs'

/** Whether a person sits at this terminal and may be asked. */
const someoneIsThere = () => process.stdin.isTTY === true && process.stderr.isTTY === true && !process.env.CI

/** As `obtainPrivilege`, where nobody has to be asked. @returns {Promise<string[] | null>} */
export const havePrivilege = async () => {
  if (process.getuid?.() === 0) return []
  const sudo = findProgram('sudo')
  return sudo !== null && (await run(sudo, ['-n', 'true'], { timeoutMs: 10_000 })).code === 0 ? [sudo, '-n'] : null
}

/**
 * What to put before a command so that it runs as root: nothing for root, `sudo` where it may, `null` where nothing helps.
 * Asks for a password only at a terminal, after saying why.
 * @param {string} why One sentence, e.g. "wg and nft are to be installed."
 * @returns {Promise<string[] | null>}
 */
export const obtainPrivilege = async (why) => {
  const privilege = await havePrivilege()
  const sudo = findProgram('sudo')
  if (privilege !== null || sudo === null || !someoneIsThere()) return privilege
  say(`${why} This needs administrator rights, once; Ctrl-C or an empty password goes on without.`)
  return (await run(sudo, ['-v'], { foreground: true })).code === 0 ? [sudo, '-n'] : null
}
