import { createHash } from 'node:crypto'
import type { AppContract, DamagedProfile, ProfileSummary, Profiles } from '../../contract/app.ts'
import type { Handlers } from '../../contract/define.ts'
import { MoleError } from '../../contract/errors.ts'
import { parseConfigDocument } from '../../domain/config/parse-document.ts'
import { planOf } from '../../domain/config/plan-of.ts'
import { type Resolved, resolveLayers } from '../../domain/config/resolve.ts'
import type { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import { createTopic } from './topic.ts'

type ProfileVerb = Extract<keyof AppContract, `profiles.${string}` | `config.${string}`>

export type FakeProfiles = {
  readonly handlers: Pick<Handlers<AppContract>, ProfileVerb>
  planOf(name: string): DeploymentPlan
  /** As another program would: past the engine. `null` removes it. */
  put(name: string, text: string | null): void
  textOf(name: string): string
}

export type FakeProfilesOptions = {
  /** Name to text. */
  readonly profiles?: Readonly<Record<string, string>>
  /** Name to when it was connected last. */
  readonly lastConnectedAtMs?: Readonly<Record<string, number>>
  /** Files that held no text: name to the backup's text, `null` where there is none. */
  readonly damaged?: Readonly<Record<string, string | null>>
}

const DIRECTORY = '/home/ada/.config/mole/profiles'

const revisionOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** By itself: what it extends is not followed here. */
const resolve = (name: string, text: string): Resolved => {
  const { document, problems } = parseConfigDocument(text, `${name}.yaml`)
  if (document === null) return { config: null, values: resolveLayers([]).values, problems }
  const { source, values, places } = document
  return resolveLayers([{ kind: 'profile', values, where: (path) => ({ source, place: places.get(path) ?? null }) }])
}

const notInForceOf = ({ values }: Resolved): string[] =>
  values.filter(({ inForce, origin }) => !inForce && origin !== 'default').map(({ path }) => path)

const absent = (name: string): MoleError =>
  new MoleError('not-found', `There is no profile "${name}".`, { field: 'name' })

/** Saved profiles of cardboard, in memory. */
export const fakeProfiles = ({ profiles, lastConnectedAtMs, damaged }: FakeProfilesOptions): FakeProfiles => {
  const files = new Map(Object.entries(profiles ?? {}))
  const lost = Object.entries(damaged ?? {})
  const backups = new Map(lost.filter((each): each is [string, string] => each[1] !== null))

  const summary = ([name, text]: [string, string]): ProfileSummary => {
    const resolved = resolve(name, text)
    const { document } = parseConfigDocument(text, name)
    return {
      name,
      description: document?.description ?? null,
      extends: document?.extends ?? null,
      revision: revisionOf(text),
      modifiedAtMs: Date.now() - 86_400_000,
      lastConnectedAtMs: lastConnectedAtMs?.[name] ?? null,
      plan: resolved.config === null ? null : planOf(resolved.config),
      problems: [...resolved.problems],
      notInForce: notInForceOf(resolved),
      hasBackup: backups.has(name),
    }
  }
  const setAside = ([name]: [string, unknown]): DamagedProfile => ({
    name,
    movedTo: `${DIRECTORY}/${name}.yaml.damaged-20261121T084100Z`,
    hasBackup: backups.has(name),
  })
  const whole = (): Profiles => ({
    directory: DIRECTORY,
    profiles: [...files].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(summary),
    damaged: lost.filter(([name]) => !files.has(name)).map(setAside),
    problem: null,
  })
  const topic = createTopic(whole())
  const changed = <T>(answer: T): T => {
    topic.set(whole())
    return answer
  }

  const textOf = (name: string): string => {
    const text = files.get(name)
    if (text === undefined) throw absent(name)
    return text
  }
  const replace = (name: string, text: string): { revision: string } => {
    const before = files.get(name)
    if (before !== undefined) backups.set(name, before)
    files.set(name, text)
    return changed({ revision: revisionOf(text) })
  }
  const assertFree = (name: string): void => {
    if (files.has(name)) throw new MoleError('conflict', `There is a profile "${name}" already.`, { field: 'name' })
  }
  const assertSame = (name: string, revision: string): void => {
    if (revisionOf(textOf(name)) !== revision)
      throw new MoleError('conflict', `The profile "${name}" has changed since you opened it.`, { field: 'revision' })
  }

  return {
    put: (name, text) => {
      if (text !== null) return void replace(name, text)
      files.delete(name)
      changed({})
    },
    textOf,
    planOf: (name) => {
      const { config } = resolve(name, textOf(name))
      if (config === null) throw new MoleError('bad-input', `The profile "${name}" has a mistake.`)
      return planOf(config)
    },
    handlers: {
      'profiles.watch': (_, { signal }) => topic.follow(signal),
      'profiles.read': async ({ name }) => ({ text: textOf(name), revision: revisionOf(textOf(name)) }),
      'profiles.create': async ({ name, text }) => {
        assertFree(name)
        return replace(name, text)
      },
      'profiles.write': async ({ name, text, revision }) => {
        assertSame(name, revision)
        return replace(name, text)
      },
      'profiles.rename': async ({ name, to }) => {
        const text = textOf(name)
        assertFree(to)
        files.delete(name)
        files.set(to, text)
        return changed({})
      },
      'profiles.duplicate': async ({ name, to }) => {
        assertFree(to)
        replace(to, textOf(name))
        return {}
      },
      'profiles.delete': async ({ name, revision }) => {
        assertSame(name, revision)
        backups.set(name, textOf(name))
        files.delete(name)
        return changed({})
      },
      'profiles.restore': async ({ name }) => {
        const backup = backups.get(name)
        if (backup === undefined) throw absent(name)
        return replace(name, backup)
      },
      'config.check': async ({ text, name }) => {
        const resolved = resolve(name, text)
        return {
          problems: [...resolved.problems],
          values: [...resolved.values],
          plan: resolved.config === null ? null : planOf(resolved.config),
          notInForce: notInForceOf(resolved),
        }
      },
      'config.show': async () => ({ values: [...resolveLayers([]).values], problems: [] }),
    },
  }
}
