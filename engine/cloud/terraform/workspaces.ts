import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { basename, isAbsolute, join } from 'node:path'
import { z } from 'zod'
import type { TextFile } from '../../../contract/app.ts'
import { MoleError } from '../../../contract/errors.ts'

/** Where Terraform made the bastions of a deployment, and by which program. */
export type Workspace = { readonly directory: string; readonly program: string }

/** The directories in which Terraform works for us, one for each deployment. They hold its state: nobody else's. */
export type Workspaces = {
  /** `null` when the deployment was not made by Terraform. */
  find(deployment: string): Promise<Workspace | null>
  /** Deployments that have one, the newest first. */
  list(): Promise<string[]>
  /**
   * Writes its files, over those of an earlier plan; Terraform's own state stays. Gives the directory.
   * @throws MoleError `bad-input` when `program` is not Terraform, `not-available` when it cannot be written.
   */
  write(deployment: string, program: string, files: readonly TextFile[]): Promise<string>
  /** Whether Terraform's state names anything that it made. One that cannot be read counts as such. */
  holdsState(deployment: string): Promise<boolean>
  remove(deployment: string): Promise<void>
}

/** What tells our directories from others, and by which program it was made. */
const MARK = 'mole.json'
/** The engine runs it at the teardown: whoever may ask it for files may not have it run anything else. */
const isTerraform = (path: string): boolean => isAbsolute(path) && ['terraform', 'tofu'].includes(basename(path))
const Mark = z.object({ program: z.string().refine(isTerraform) })
const STATE = 'terraform.tfstate'
const State = z.object({ resources: z.array(z.unknown()) })

const DEPLOYMENT = /^[a-z]{1,8}-[0-9a-f]{6}$/

const noTerraform = (program: string): MoleError =>
  new MoleError('bad-input', `${program.slice(0, 200)} is no Terraform.`, {
    field: 'program',
    meaning: 'Only programs named terraform or tofu are run, by their whole path. Nothing was written.',
    nextStep: 'Put the program on PATH under its own name.',
  })

const isAbsent = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

const readOrNull = (path: string): Promise<string | null> =>
  readFile(path, 'utf8').catch((error: unknown) => {
    if (isAbsent(error)) return null
    throw error
  })

const parseAs = <T>(schema: z.ZodType<T>, text: string): T | null => {
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    return null
  }
}

const notWritten = (path: string, error: unknown): MoleError =>
  new MoleError(
    'not-available',
    `${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
    {
      field: path,
      meaning: 'Terraform keeps there what it made, so nothing was made.',
      nextStep: 'Check the permissions of the directory and the free space on its disk.',
    },
    { cause: error },
  )

/** @param root directory of all of them; made 0700 with the first */
export const openWorkspaces = (root: string): Workspaces => {
  const directoryOf = (deployment: string): string => {
    // It becomes part of a path.
    if (!DEPLOYMENT.test(deployment)) throw new MoleError('bad-input', `"${deployment}" is no deployment.`)
    return join(root, deployment)
  }

  const find: Workspaces['find'] = async (deployment) => {
    if (!DEPLOYMENT.test(deployment)) return null
    const directory = directoryOf(deployment)
    const text = await readOrNull(join(directory, MARK))
    const mark = text === null ? null : parseAs(Mark, text)
    return mark === null ? null : { directory, program: mark.program }
  }

  const list = async (): Promise<string[]> => {
    const names = await readdir(root).catch((error: unknown) => {
      if (isAbsent(error)) return []
      throw error
    })
    const known = await Promise.all(
      names.map(async (name) => {
        const workspace = await find(name)
        return workspace === null ? null : { name, atMs: (await stat(join(workspace.directory, MARK))).mtimeMs }
      }),
    )
    return known
      .filter((each) => each !== null)
      .sort((a, b) => b.atMs - a.atMs)
      .map(({ name }) => name)
  }

  const write: Workspaces['write'] = async (deployment, program, files) => {
    if (!isTerraform(program)) throw noTerraform(program)
    const directory = directoryOf(deployment)
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      for (const { name, text } of [{ name: MARK, text: `${JSON.stringify({ program })}\n` }, ...files])
        await writeFile(join(directory, name), text, { mode: 0o600 })
    } catch (error) {
      throw notWritten(directory, error)
    }
    return directory
  }

  const holdsState: Workspaces['holdsState'] = async (deployment) => {
    const text = await readOrNull(join(directoryOf(deployment), STATE))
    if (text === null) return false
    const state = parseAs(State, text)
    return state === null || state.resources.length > 0
  }

  return {
    find,
    list,
    write,
    holdsState,
    remove: (deployment) => rm(directoryOf(deployment), { recursive: true, force: true }),
  }
}
