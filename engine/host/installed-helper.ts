import { MoleError } from '../../contract/errors.ts'
import type { HelperClient } from '../cloud/provider.ts'
import { type Reached, reachSocket } from './reach-helper.ts'
import { userName } from './user-name.ts'

/** Where `mole-helper.socket` listens. */
export const INSTALLED_SOCKET = '/run/mole/helper.sock'

export const HELPER_SOCKET_UNIT = 'mole-helper.socket'
export const HELPER_SERVICE_UNIT = 'mole-helper.service'

const forAnotherUser = (socket: string): MoleError =>
  new MoleError('denied', 'The installed helper serves another user.', {
    field: socket,
    meaning: 'Only that user, and root, may change the network of this machine with Cloud Mole.',
    nextStep: `Have an administrator run: sudo mole helper install --user ${userName()}`,
  })

const hangs = (socket: string): MoleError =>
  new MoleError('helper-unreachable', 'The installed helper does not answer.', {
    field: socket,
    meaning: 'It hangs. Tunnels that are up may still carry traffic.',
    nextStep: `Run: sudo systemctl restart ${HELPER_SERVICE_UNIT} (tunnels stay up), then try again.`,
  })

/**
 * The helper that `mole helper install` put there, asked twice where it hangs: `null` when it is not installed.
 * @throws MoleError `denied` when it is for another user, `helper-unreachable` when it hangs.
 */
export const ensureInstalledHelper = async (socket: string): Promise<HelperClient | null> => {
  let reached: Reached = await reachSocket(socket, null)
  if (reached === 'silent') reached = await reachSocket(socket, null)
  if (reached === 'absent') return null
  if (reached === 'refused') throw forAnotherUser(socket)
  if (reached === 'silent') throw hangs(socket)
  return reached
}

/** The same without judging: `null` when it does not answer us, for whatever reason. */
export const findInstalledHelper = async (socket: string): Promise<HelperClient | null> => {
  const reached = await reachSocket(socket, null)
  return typeof reached === 'string' ? null : reached
}
