import type { ProfileSummary } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'
import type { ConfigProblem } from '../../domain/config/problem.ts'
import type { Log } from '../log.ts'
import type { ProfileFile } from './list-files.ts'

/** What a profile's text says once everything it stands on is resolved. */
export type Resolution = Pick<ProfileSummary, 'plan' | 'problems' | 'notInForce' | 'description' | 'extends'>

/** Resolves a profile's text. */
export type Summarise = (name: string, text: string) => Promise<Resolution>

/** The profiles' resolutions, worked out again only where what they rest on may have changed. */
export type Resolutions = {
  of(file: ProfileFile): Promise<Resolution>
  /** Forgets everything: what profiles rest on has changed. */
  forget(): void
  /** Forgets the profiles that are not among `names`. */
  keepOnly(names: ReadonlySet<string>): void
}

const unresolved = (file: ProfileFile, error: MoleError): Resolution => {
  const problem: ConfigProblem = {
    source: file.path,
    place: null,
    key: 'document',
    message: error.message.replace(/\.$/, ''),
    nextStep: error.data.nextStep ?? null,
  }
  return { plan: null, problems: [problem], notInForce: [], description: null, extends: null }
}

const unforeseen = (): MoleError =>
  new MoleError('internal', 'cannot be resolved, for a reason that Cloud Mole did not foresee', {
    nextStep: 'Look at engine.log in the state directory.',
  })

/** It rests on nothing that can change without our notice: other files may. */
const isSelfContained = ({ extends: parent, problems }: Resolution): boolean =>
  problems.length === 0 && (parent === null || !/\/|\.ya?ml$/.test(parent))

export const openResolutions = (summarise: Summarise, log: Log): Resolutions => {
  const known = new Map<string, { readonly revision: string; readonly resolution: Resolution }>()

  const resolve = async (file: ProfileFile, text: string): Promise<Resolution> => {
    try {
      return await summarise(file.name, text)
    } catch (error) {
      if (error instanceof MoleError) return unresolved(file, error)
      log.error({ profile: file.name, error: String(error) }, 'a profile could not be resolved')
      return unresolved(file, unforeseen())
    }
  }

  return {
    of: async (file) => {
      if (file.text === null) return unresolved(file, file.unreadable ?? unforeseen())
      const before = known.get(file.name)
      if (before !== undefined && before.revision === file.revision && isSelfContained(before.resolution))
        return before.resolution
      const resolution = await resolve(file, file.text)
      known.set(file.name, { revision: file.revision, resolution })
      return resolution
    },
    forget: () => known.clear(),
    keepOnly: (names) => {
      for (const name of known.keys()) if (!names.has(name)) known.delete(name)
    },
  }
}
