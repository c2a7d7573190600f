import { chmod, copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { MoleError } from '../../../contract/errors.ts'

/** All that the helper needs to run, relative to our package; its Node.js comes from wherever it is. */
const PARTS = ['package.json', 'dist/helper', 'node_modules/koffi', 'node_modules/@koromix'] as const
const NODE = 'node_modules/node/bin/node'

const EXECUTABLE = 0o755
const PLAIN = 0o644

const copyOne = async (from: string, to: string, mode: number): Promise<void> => {
  await mkdir(dirname(to), { recursive: true, mode: 0o755 })
  await copyFile(from, to)
  await chmod(to, mode)
}

/** Copies what links lead to, and gives every file a mode that only its owner, root, may write. */
const copyTree = async (from: string, to: string): Promise<void> => {
  if (!(await stat(from)).isDirectory()) return copyOne(from, to, PLAIN)
  await mkdir(to, { recursive: true, mode: 0o755 })
  for (const name of await readdir(from)) await copyTree(join(from, name), join(to, name))
}

const notBuilt = (packageRoot: string): MoleError =>
  new MoleError('not-available', 'There is no built helper to install.', {
    field: join(packageRoot, 'dist/helper/main.js'),
    meaning: 'Cloud Mole runs from its sources here. Nothing was changed.',
    nextStep: 'Build it first: "npm run build". Then give the command again.',
  })

/** What an installation that was cut off leaves beside `library`: the copy being made, and the one before it. */
export const halfCopies = (library: string): readonly [fresh: string, old: string] => [
  `${library}.new`,
  `${library}.old`,
]

/**
 * Puts a copy of the helper, its Node.js and its native module into `library`, whole or not at all: a helper that runs
 * from an earlier copy goes on with its own.
 * @throws MoleError `not-available` when the helper was not built.
 */
export const copyProgram = async (packageRoot: string, node: string, library: string): Promise<void> => {
  const isBuilt = await stat(join(packageRoot, 'dist/helper/main.js')).catch(() => null)
  if (isBuilt === null) throw notBuilt(packageRoot)
  const [fresh, old] = halfCopies(library)
  await rm(fresh, { recursive: true, force: true })
  for (const part of PARTS) await copyTree(join(packageRoot, part), join(fresh, part))
  await copyOne(node, join(fresh, NODE), EXECUTABLE)
  await rm(old, { recursive: true, force: true })
  await rename(library, old).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  await rename(fresh, library)
  await rm(old, { recursive: true, force: true })
}
