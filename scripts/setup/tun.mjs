import { accessSync, constants, statSync } from 'node:fs'
import { run } from './run.mjs'

/** @typedef {'open' | 'closed' | 'absent'} TunState Whether an ordinary user may open /dev/net/tun. */

const TUN = '/dev/net/tun'

/** @returns {TunState} */
export const observeTun = () => {
  const stat = statSync(TUN, { throwIfNoEntry: false })
  if (stat === undefined) return 'absent'
  if ((stat.mode & 0o006) === 0o006) return 'open'
  if (process.getuid?.() === 0) return 'closed'
  try {
    accessSync(TUN, constants.R_OK | constants.W_OK)
    return 'open'
  } catch {
    return 'closed'
  }
}

/**
 * Makes the device as systemd's own rule has it (50-udev-default.rules: mode 0666): opening it gives nothing
 * without CAP_NET_ADMIN in the network namespace concerned.
 * @param {readonly string[]} privilege
 */
export const openTun = async (privilege) => {
  const [program, ...first] = [...privilege, 'env']
  /** @param {string[]} argv */
  const act = (...argv) => run(program, [...first, ...argv], { timeoutMs: 20_000 })
  if (observeTun() === 'absent') await act('modprobe', 'tun')
  if (observeTun() === 'absent') {
    await act('mkdir', '-p', '/dev/net')
    await act('mknod', TUN, 'c', '10', '200')
  }
  await act('chmod', '0666', TUN)
}
