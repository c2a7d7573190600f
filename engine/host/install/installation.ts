import { mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { MoleError } from '../../../contract/errors.ts'
import { NOTHING } from '../../../domain/host-state.ts'
import { packageRoot } from '../../paths.ts'
import { type Execute, execute } from '../../run.ts'
import {
  ensureInstalledHelper,
  HELPER_SERVICE_UNIT,
  HELPER_SOCKET_UNIT,
  INSTALLED_SOCKET,
} from '../installed-helper.ts'
import { observeOurInterfaces } from '../our-interfaces.ts'
import { reachSocket } from '../reach-helper.ts'
import { copyProgram, halfCopies } from './copy-program.ts'
import { findUser } from './find-user.ts'
import { installLayout } from './layout.ts'
import { isSystemdHere, openSystemctl } from './systemd.ts'
import { allowedUidOf, renderUnits } from './units.ts'

export type InstallRequest = {
  /** Who may have the network of this machine changed, beside root. */
  readonly user: string
  /** `/`: this machine, where the helper is started too. Another directory: a package is being made there. */
  readonly root: string
}

export type HelperStatus = {
  readonly isInstalled: boolean
  /** `null` where it is not installed. */
  readonly version: string | null
  readonly allowedUid: number | null
  /** What it says to this user. */
  readonly answer: 'answers' | 'absent' | 'refused' | 'silent'
}

/** Puts the helper on this machine for good, and takes it away again. */
export type HelperInstallation = {
  /** @throws MoleError `denied` (not root), `not-available` (no systemd, not built), `bad-input` (no such user). */
  install(request: InstallRequest): Promise<HelperStatus>
  /** @throws MoleError `denied`, `drift` when tunnels of ours are up; then nothing is removed. */
  uninstall(root: string): Promise<void>
  status(root: string): Promise<HelperStatus>
}

/** What tests replace. */
export type InstallationParts = {
  readonly execute?: Execute
  readonly uid?: number | undefined
  readonly socket?: string
  readonly isSystemd?: () => boolean
  readonly ourInterfaces?: () => Promise<readonly string[]>
  /** The root of this machine's file system. */
  readonly machine?: string
  /** Where our package lies. */
  readonly source?: string
  readonly node?: string
}

const mustBeRoot = (verb: string): MoleError =>
  new MoleError('denied', 'Only root may do this.', {
    field: 'helper',
    meaning: 'It changes what runs as root on this machine. Nothing was changed.',
    nextStep: `Run: sudo mole helper ${verb}`,
  })

const noSystemd = (): MoleError =>
  new MoleError('not-available', 'This machine was not started by systemd, which would start the helper.', {
    field: 'systemd',
    meaning: 'Nothing was changed.',
    nextStep: 'Run Cloud Mole itself as root instead ("sudo mole up …"): then its engine starts the helper.',
  })

const stillUp = (what: string): MoleError =>
  new MoleError('drift', `Changes to this machine’s network are not undone yet: ${what}.`, {
    field: 'helper',
    meaning: 'Without the helper and its journal nobody could undo them, so nothing was removed.',
    nextStep: 'Run "mole down" as the user of the helper, then give the command again.',
  })

const LOOK_LIMIT_MS = 5000

/** @throws MoleError `drift`, or `helper-unreachable` when it is there and does not say. */
const checkUndone = async (socket: string, ourInterfaces: () => Promise<readonly string[]>): Promise<void> => {
  const helper = await ensureInstalledHelper(socket)
  if (helper === null) {
    const left = await ourInterfaces()
    if (left.length > 0) throw stillUp(left.join(', '))
    return
  }
  try {
    const { state } = await helper.call('inspect', {}, { signal: AbortSignal.timeout(LOOK_LIMIT_MS) })
    const names = state.tunnels.map(({ name }) => name).join(', ')
    if (!isDeepStrictEqual(state, NOTHING)) throw stillUp(names || 'routes or settings')
  } finally {
    helper.close()
  }
}

const readVersion = async (library: string): Promise<string | null> => {
  const text = await readFile(join(library, 'package.json'), 'utf8').catch(() => null)
  return text === null ? null : ((JSON.parse(text) as { version?: string }).version ?? null)
}

const write = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 })
  await writeFile(path, text, { mode: 0o644 })
}

/** However it is spelt (`//`, `.`, a link): by another name this machine would be taken for a package being made. */
const directoryMeant = (root: string): Promise<string> => realpath(root).catch(() => resolve(root))

export const helperInstallation = (parts: InstallationParts = {}): HelperInstallation => {
  const {
    execute: run = execute,
    uid = process.geteuid?.(),
    socket = INSTALLED_SOCKET,
    isSystemd = isSystemdHere,
    ourInterfaces = observeOurInterfaces,
    machine = '/',
    source,
    node = process.execPath,
  } = parts

  const checkMayChange = (root: string, verb: string): void => {
    if (root !== machine) return
    if (uid !== 0) throw mustBeRoot(verb)
    if (!isSystemd()) throw noSystemd()
  }

  const answer = async (): Promise<HelperStatus['answer']> => {
    const reached = await reachSocket(socket, null)
    if (typeof reached === 'string') return reached
    reached.close()
    return 'answers'
  }

  const status = async (given: string): Promise<HelperStatus> => {
    const root = await directoryMeant(given)
    const { library, serviceUnit } = installLayout(root)
    const [version, allowedUid] = await Promise.all([readVersion(library), allowedUidOf(serviceUnit)])
    const isInstalled = version !== null && allowedUid !== null
    return { isInstalled, version, allowedUid, answer: root === machine ? await answer() : 'absent' }
  }

  /** A helper that runs already gives way to the new one; the tunnels stay, and the new one finds them. */
  const start = async (): Promise<void> => {
    const systemctl = await openSystemctl(run)
    await systemctl.must('daemon-reload')
    await systemctl.try('stop', HELPER_SERVICE_UNIT)
    // One that could not start is not tried any more until this is said (`systemd.unit(5)`, StartLimitBurst).
    await systemctl.try('reset-failed', HELPER_SOCKET_UNIT, HELPER_SERVICE_UNIT)
    await systemctl.must('enable', HELPER_SOCKET_UNIT)
    await systemctl.must('restart', HELPER_SOCKET_UNIT)
  }

  const stop = async (): Promise<void> => {
    const systemctl = await openSystemctl(run)
    await systemctl.try('disable', '--now', HELPER_SOCKET_UNIT)
    await systemctl.try('stop', HELPER_SERVICE_UNIT)
  }

  return {
    status,
    install: async ({ user, root: given }) => {
      const root = await directoryMeant(given)
      checkMayChange(root, 'install')
      const allowedUid = await findUser(user, run)
      const { library, socketUnit, serviceUnit } = installLayout(root)
      const from = source ?? packageRoot()
      const units = await renderUnits(from, allowedUid)
      await copyProgram(from, node, library)
      await write(socketUnit, units.socket)
      await write(serviceUnit, units.service)
      if (root === machine) await start()
      return status(root)
    },
    uninstall: async (given) => {
      const root = await directoryMeant(given)
      checkMayChange(root, 'uninstall')
      const { library, socketUnit, serviceUnit, state, runtime } = installLayout(root)
      if (root === machine) {
        await checkUndone(socket, ourInterfaces)
        await stop()
      }
      for (const path of [socketUnit, serviceUnit, library, ...halfCopies(library), state, runtime])
        await rm(path, { recursive: true, force: true })
      if (root === machine) await (await openSystemctl(run)).try('daemon-reload')
    },
  }
}
