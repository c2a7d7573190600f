import { mkdir, rm } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { MoleError } from '../../contract/errors.ts'
import { NOTHING } from '../../domain/host-state.ts'
import { argumentsOf, endProcesses, identityOf } from '../cloud/lab/processes.ts'
import { LAB_ENVIRONMENT } from '../cloud/lab/programs.ts'
import type { HelperClient } from '../cloud/provider.ts'
import { assertPrivateDirectory } from '../paths.ts'
import { ensureHelperAt, type HelperProgram } from './start-helper.ts'

/** A helper that this engine, being root, starts itself. It lives on when the engine ends. */
export type OwnHelper = {
  /** Starts it if none answers. @throws MoleError `helper-unreachable`, `denied` (directory not ours alone). */
  ensure(signal: AbortSignal): Promise<HelperClient>
  /** Whether its files are there: it may have changed this host. */
  isThere(): Promise<boolean>
  /**
   * Ends it and removes its files, keys and journal. Idempotent.
   * @throws MoleError `drift` when something of ours is still on the host: then nothing is removed.
   */
  remove(): Promise<void>
}

const LIMIT_MS = 5000

/** A helper of `directory` in our own process namespace: a lab's, elsewhere, may have a directory of the same name. */
const isHelperOf =
  (directory: string) =>
  async (pid: number): Promise<boolean> => {
    const argv = await argumentsOf(pid)
    const isNamed = argv.includes('serve') && argv[argv.indexOf('--directory') + 1] === directory
    return isNamed && (await identityOf(`/proc/${pid}/ns/pid`)) === (await identityOf('/proc/self/ns/pid'))
  }

const notUndone = (directory: string, what: string): MoleError =>
  new MoleError('drift', `Changes to this machine’s network are not undone yet: ${what}.`, {
    field: directory,
    meaning: `What undoes them is written down in ${directory}, so it was left there, and the helper too.`,
    nextStep: 'Run "mole down" again: it undoes them first.',
  })

const stuck = (directory: string): MoleError =>
  new MoleError('timeout', `The helper of ${directory} did not end within ${LIMIT_MS / 1000} s.`, {
    field: 'helper',
    meaning: 'The kernel is still busy ending it.',
    nextStep: 'Run "mole down" again.',
  })

/** What is left on the host, in words; `null` when nothing is. */
const leftOnHost = async (helper: HelperClient): Promise<string | null> => {
  const { state, drift } = await helper.call('inspect', {}, { signal: AbortSignal.timeout(LIMIT_MS) })
  if (drift.length > 0) return drift.slice(0, 3).join('; ')
  if (isDeepStrictEqual(state, NOTHING)) return null
  return state.tunnels.map(({ name }) => name).join(', ') || 'routes or settings'
}

export const ownHelper = (directory: string, { node, entry, env }: HelperProgram): OwnHelper => {
  const isThere = async (): Promise<boolean> => (await identityOf(directory)) !== null
  const end = (): Promise<boolean> => endProcesses(isHelperOf(directory), LIMIT_MS)
  const place = {
    directory,
    name: 'The helper',
    command: [node, entry, 'serve', '--directory', directory],
    env: { ...LAB_ENVIRONMENT, ...env },
    nextStep: 'Try again. If it happens again, "mole doctor" tells what this machine lacks.',
    end: async () => void (await end()),
  } as const

  const ensure = async (signal: AbortSignal): Promise<HelperClient> => {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await assertPrivateDirectory(directory)
    return ensureHelperAt(place, signal)
  }

  /** Only the helper can read its journal: where it has died, it is started once more to tell. */
  const checkUndone = async (): Promise<void> => {
    const helper = await ensure(AbortSignal.timeout(LIMIT_MS))
    try {
      const left = await leftOnHost(helper)
      if (left !== null) throw notUndone(directory, left)
    } finally {
      helper.close()
    }
  }

  return {
    ensure,
    isThere,
    remove: async () => {
      if (!(await isThere())) return
      await checkUndone()
      if (!(await end())) throw stuck(directory)
      await rm(directory, { recursive: true, force: true })
    },
  }
}
