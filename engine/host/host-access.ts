import { isDeepStrictEqual } from 'node:util'
import { MoleError } from '../../contract/errors.ts'
import { NOTHING } from '../../domain/host-state.ts'
import type { HelperClient, HostAccess } from '../cloud/provider.ts'
import { ensureInstalledHelper, findInstalledHelper, INSTALLED_SOCKET } from './installed-helper.ts'
import { observeOurInterfaces } from './our-interfaces.ts'
import { ownHelper } from './own-helper.ts'
import { connectHelper } from './reach-helper.ts'
import type { HelperProgram } from './start-helper.ts'

export type HostAccessOptions = {
  /** Where a helper that we start ourselves keeps keys and journal; made 0700, removed whole by `remove()`. */
  readonly directory: string
  /** How that helper is run. */
  readonly program: HelperProgram
  /** Installs the helper with the person's consent, where there is a way to ask for it (the desktop application). */
  readonly install?: () => Promise<void>
  /** Where an installed helper listens; replaced in tests only. */
  readonly socket?: string
  /** Whose process this is; replaced in tests only. */
  readonly uid?: number | undefined
}

const notRoot = (): MoleError =>
  new MoleError('helper-unreachable', 'Nothing here may change the network of this machine.', {
    field: 'helper',
    meaning: 'Tunnels need root. Cloud Mole leaves that to a small helper, which is not installed yet.',
    nextStep:
      'Run once: sudo mole helper install. Or run "mole" itself as root. The lab ("--target lab") needs neither.',
  })

const LOOK_LIMIT_MS = 5000

/** Whether a helper finds anything of ours. One that cannot tell counts for nothing: interfaces are seen without it. */
const findsSomething = async (helper: HelperClient | null): Promise<boolean> => {
  if (helper === null) return false
  try {
    const { state } = await helper.call('inspect', {}, { signal: AbortSignal.timeout(LOOK_LIMIT_MS) })
    return !isDeepStrictEqual(state, NOTHING)
  } catch {
    return false
  } finally {
    helper.close()
  }
}

/**
 * This machine itself as the near end of the tunnels: by the installed helper where there is one, else, for root, by a
 * helper of our own. An own one that is there already goes on being used: its journal knows the host.
 */
export const hostAccess = (options: HostAccessOptions): HostAccess => {
  const { directory, program, install, socket = INSTALLED_SOCKET, uid = process.geteuid?.() } = options
  const own = ownHelper(directory, program)
  const isRoot = uid === 0

  const usesOwn = async (): Promise<boolean> => isRoot && (await own.isThere())

  const installAndReach = async (): Promise<HelperClient | null> => {
    if (install === undefined) return null
    await install()
    return ensureInstalledHelper(socket)
  }

  return {
    ensure: async (signal) => {
      if (await usesOwn()) return own.ensure(signal)
      const installed = await ensureInstalledHelper(socket)
      if (installed !== null) return installed
      if (isRoot) return own.ensure(signal)
      const fresh = await installAndReach()
      if (fresh === null) throw notRoot()
      return fresh
    },
    find: async () => ((await usesOwn()) ? connectHelper(directory) : findInstalledHelper(socket)),
    lives: async () =>
      (await usesOwn()) ||
      (await observeOurInterfaces()).length > 0 ||
      findsSomething(await findInstalledHelper(socket)),
    remove: async () => {
      if (isRoot) await own.remove()
    },
  }
}
