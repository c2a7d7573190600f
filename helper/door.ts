import { fstatSync } from 'node:fs'
import { MoleError } from '../contract/errors.ts'

/** Where callers come in, and who may. */
export type Door =
  /** A socket that the helper makes itself, for its own user, who must know the token. */
  | { readonly path: string; readonly token: string }
  /** A listening socket that systemd made, for these users; the kernel's word is all they need. */
  | { readonly fd: number; readonly uids: readonly number[] }

/** The first descriptor that is passed (`sd_listen_fds(3)`, SD_LISTEN_FDS_START). */
const FIRST_FD = 3

const ROOT = 0

const notPassed = (why: string): MoleError =>
  new MoleError('bad-input', `No socket was handed to the helper: ${why}.`, {
    field: '--allow-uid',
    meaning: 'With --allow-uid it serves the socket of mole-helper.socket, and makes none of its own.',
    nextStep: 'Start it by systemd: "systemctl start mole-helper.socket".',
  })

const isSocket = (fd: number): boolean => {
  try {
    return fstatSync(fd).isSocket()
  } catch {
    return false
  }
}

/**
 * The socket that systemd handed to this process (`sd_listen_fds(3)`), for `uid` and for root, who could take it anyway.
 * @throws MoleError `bad-input` when there is none, or it was meant for another process.
 */
export const activatedDoor = (env: NodeJS.ProcessEnv, pid: number, uid: number): Door => {
  if (env.LISTEN_PID !== String(pid)) throw notPassed('LISTEN_PID does not name this process')
  if (env.LISTEN_FDS !== '1') throw notPassed(`LISTEN_FDS is "${env.LISTEN_FDS ?? ''}" and not "1"`)
  if (!isSocket(FIRST_FD)) throw notPassed(`descriptor ${FIRST_FD} is no socket`)
  return { fd: FIRST_FD, uids: [...new Set([ROOT, uid])] }
}

/** Whether a user may come in at all. Own sockets are for `ownUid` alone. */
export const mayEnter = (door: Door, uid: number | undefined, ownUid: number | undefined): uid is number =>
  uid !== undefined && ('fd' in door ? door.uids.includes(uid) : uid === ownUid)
