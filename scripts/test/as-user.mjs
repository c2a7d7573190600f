import { mkdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Root proves nothing about ordinary users, so root runs the tests that matter once more as one.
 * @param {NodeJS.ProcessEnv} env
 * @returns {import('./workplace.mjs').User} Whoever called sudo, else the account of nobody.
 */
export const ordinaryUser = (env) => {
  const uid = Number(env.SUDO_UID)
  const gid = Number(env.SUDO_GID)
  return uid > 0 && gid > 0 ? { uid, gid } : { uid: 65_534, gid: 65_534 }
}

/**
 * A command that does `argv` as that user, in a mount namespace of its own where the clone stands below the
 * workplace: it may live where nobody else can look, such as root's home.
 * @param {import('./workplace.mjs').User} user @param {string} root @param {string} directory @param {string[]} argv Program and arguments.
 * @returns {[string, string[]]}
 */
export const asUser = ({ uid, gid }, root, directory, argv) => {
  const clone = join(directory, 'clone')
  mkdirSync(clone, { recursive: true })
  /** @param {string} text */
  const moved = (text) => (text.startsWith(`${root}/`) ? join(clone, relative(root, text)) : text)
  const enter = fileURLToPath(new URL('./enter-as-user.mjs', import.meta.url))
  return [
    'unshare',
    [
      '--mount',
      '--propagation',
      'private',
      process.execPath,
      enter,
      root,
      clone,
      `${uid}`,
      `${gid}`,
      ...argv.map(moved),
    ],
  ]
}
