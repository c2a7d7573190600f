import { existsSync, lstatSync, readlinkSync } from 'node:fs'
import { copyFile, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * The file system of a lab bastion. A boot script writes to /etc, /var and /run; on this machine it must find nothing
 * of the user's there, and change nothing. So it gets a root of its own: a tmpfs with the system's programs bound
 * read-only, the kernel's settings of its own network namespace, three devices, and no more.
 */

/** On the world's tmpfs. Every bastion mounts its root at the same place, each in a mount namespace of its own. */
const BASE = '/run/bastion'

/**
 * Enters the root and becomes the boot script ($1). Constant text: nothing is ever put into it. Whatever runs in there can
 * never have CAP_SYS_BOOT: a reboot(2) would end the first process of the lab's world, and the lab with it
 * (`pid_namespaces(7)`).
 */
export const ENTER_BASTION_ROOT = `set -eu
ulimit -f 2048
mount -t tmpfs -o mode=755,size=64m bastion ${BASE}/root
cp -a ${BASE}/skeleton/. ${BASE}/root
cp "$1" ${BASE}/root/boot.sh
mount -a -T ${BASE}/fstab
cd ${BASE}/root
pivot_root . old
umount -l old
exec setpriv --bounding-set -sys_boot --inh-caps -sys_boot -- /bin/sh /boot.sh
`

const DEVICES = ['/dev/null', '/dev/random', '/dev/urandom', '/dev/net/tun']
const PROGRAM_FOLDERS = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32']
const FOLDERS = ['dev/net', 'etc', 'old', 'proc', 'root', 'run', 'sys', 'tmp', 'var/lib']

/** `fstab(5)`: white space and backslashes are written in octal. */
const escapeField = (text: string): string =>
  text.replaceAll(/[\s\\#]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`)

/** Mount points below `folder`, from the text of `/proc/self/mountinfo` (fields stay escaped, as in fstab). */
export const mountsBelow = (mountInfo: string, folder: string): string[] =>
  mountInfo
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((point) => point.startsWith(`${folder}/`))

const bind = (source: string, options: string): string => `${source} ${BASE}/root${source} none ${options} 0 0`

/** The mounts of a bastion's root, in order. Pure. */
export const renderFstab = (folders: readonly string[], mountInfo: string, devices: readonly string[]): string =>
  `${[
    ...folders.flatMap((folder) => [
      bind(escapeField(folder), 'rbind,ro'),
      // rbind's "ro" is for the top alone.
      ...mountsBelow(mountInfo, folder).map((point) => bind(point, 'bind,ro')),
    ]),
    bind('/proc', 'bind,ro'),
    // What it shows is the reader's own network namespace.
    bind('/proc/sys/net', 'bind'),
    `sysfs ${BASE}/root/sys sysfs ro 0 0`,
    ...devices.map((device) => bind(device, 'bind')),
  ].join('\n')}\n`

const isLink = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true

const makeSkeleton = async (
  skeleton: string,
  folders: readonly string[],
  devices: readonly string[],
): Promise<void> => {
  for (const folder of [...FOLDERS, ...folders.map((path) => path.slice(1))])
    await mkdir(join(skeleton, folder), { recursive: true })
  for (const link of PROGRAM_FOLDERS.filter(isLink)) await symlink(readlinkSync(link), join(skeleton, link))
  await symlink('../run', join(skeleton, 'var/run'))
  for (const device of devices) {
    await mkdir(dirname(join(skeleton, device)), { recursive: true })
    await writeFile(join(skeleton, device), '')
  }
  // Without the loader's cache programs start slower; nothing else of /etc is needed.
  if (existsSync('/etc/ld.so.cache')) await copyFile('/etc/ld.so.cache', join(skeleton, 'etc/ld.so.cache'))
}

/** Prepares what every bastion's root is made from, once per world; the fstab, put in place last, says it is complete. */
export const prepareBastionRoots = async (): Promise<void> => {
  if (existsSync(`${BASE}/fstab`)) return
  const folders = PROGRAM_FOLDERS.filter((path) => existsSync(path) && !isLink(path))
  const devices = DEVICES.filter((device) => existsSync(device))
  await rm(`${BASE}/skeleton`, { recursive: true, force: true })
  await mkdir(`${BASE}/root`, { recursive: true })
  await makeSkeleton(`${BASE}/skeleton`, folders, devices)
  await writeFile(`${BASE}/fstab.new`, renderFstab(folders, await readFile('/proc/self/mountinfo', 'utf8'), devices))
  await rename(`${BASE}/fstab.new`, `${BASE}/fstab`)
}
