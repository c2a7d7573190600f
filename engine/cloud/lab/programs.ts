import { MoleError } from '../../../contract/errors.ts'
import { findProgram } from '../../doctor/programs.ts'

/** Environment of everything the lab starts: nothing of the user's session goes in. */
export const LAB_ENVIRONMENT = { LC_ALL: 'C', PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } as const

/** Absolute path of a system program. @throws MoleError `missing-program` */
export const mustFindProgram = async (name: string): Promise<string> => {
  const path = await findProgram(name)
  if (path !== null) return path
  throw new MoleError('missing-program', `The program "${name}" is not installed.`, {
    field: name,
    meaning: 'The lab cannot be made without it.',
    nextStep: 'Run "mole doctor": it names everything that is missing and how to get it.',
  })
}

/** Makes namespaces in which an ordinary user is root, and nothing of the machine's network is (`unshare(1)`). */
export const NEW_NAMESPACES = ['--user', '--map-root-user', '--net', '--mount', '--pid', '--fork', '--'] as const

/** Enters those of a world's first process (`nsenter(1)`). */
export const enterNamespaces = (pid: number): string[] => [
  '--target',
  String(pid),
  '--user',
  '--net',
  '--mount',
  '--pid',
  '--preserve-credentials',
  '--',
]
