import type { ProfileSummary } from '../../contract/app.ts'
import { MoleError } from '../../contract/errors.ts'
import { namesFile } from '../../domain/config/names-file.ts'
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

/** It rests on no file that can change without our notice. */
const isSelfContained = ({ extends: parent }: Resolution): boolean => parent === null || !namesFile(parent)

export const openResolutions = (summarise: Summarise, log: Log): Resolutions => {
  const known = new Map<string, { readonly revision: string; readonly resolution: Resolution }>()

  const explain = (file: ProfileFile, error: unknown): Resolution => {
    if (error instanceof MoleError) return unresolved(file, error)
    log.error({ profile: file.name, error: String(error) }, 'a profile could not be resolved')
    return unresolved(file, unforeseen())
  }

  const resolve = async ({ name, revision }: ProfileFile, text: string): Promise<Resolution> => {
    const before = known.get(name)
    if (before?.revision === revision && isSelfContained(before.resolution)) return before.resolution
    const resolution = await summarise(name, text)
    known.set(name, { revision, resolution })
    return resolution
  }

  return {
    of: async (file) => {
      try {
        if (file.text === null) throw file.unreadable ?? unforeseen()
        return await resolve(file, file.text)
      } catch (error) {
        return explain(file, error)
      }
    },
    forget: () => known.clear(),
    keepOnly: (names) => {
      for (const name of known.keys()) if (!names.has(name)) known.delete(name)
    },
  }
}
