import { MoleError } from '../contract/errors.ts'
import { planOf } from '../domain/config/plan-of.ts'
import type { ConfigProblem } from '../domain/config/problem.ts'
import type { DeploymentPlan } from '../domain/tunnel-plan.ts'
import type { ProfileFile } from '../engine/profiles/list-files.ts'
import type { World } from './world.ts'

/** A saved profile as it is, told without an engine. */
export type ProfileAccount = {
  readonly name: string
  readonly path: string
  readonly description: string | null
  readonly extends: string | null
  readonly revision: string
  readonly modifiedAtMs: number
  readonly hasBackup: boolean
  /** What connecting makes; `null` while there are problems. */
  readonly plan: DeploymentPlan | null
  readonly problems: readonly ConfigProblem[]
  /** Keys set that no deployment of this version acts on. */
  readonly notInForce: readonly string[]
}

/** Why it comes to nothing, as a problem of its file. */
const unusable = ({ path }: ProfileFile, error: MoleError | null): ConfigProblem => ({
  source: path,
  place: null,
  key: 'document',
  message: error?.message.replace(/\.$/, '') ?? 'cannot be read',
  nextStep: error?.data.nextStep ?? null,
})

/** What a profile's file comes to, with everything it stands on. Where that cannot be read, it is told as a problem. */
export const accountOf = async (world: World, file: ProfileFile): Promise<ProfileAccount> => {
  const { name, path, text, revision, modifiedAtMs, hasBackup } = file
  const about = { name, path, revision, modifiedAtMs, hasBackup }
  const nothing = { ...about, description: null, extends: null, plan: null, notInForce: [] }
  if (text === null) return { ...nothing, problems: [unusable(file, file.unreadable)] }
  const loaded = await world.config.load({ profile: name }).catch((error: unknown) => {
    if (error instanceof MoleError) return error
    throw error
  })
  if (loaded instanceof MoleError) return { ...nothing, problems: [unusable(file, loaded)] }
  const { config, problems, notInForce, document } = loaded
  return {
    ...about,
    description: document?.description ?? null,
    extends: document?.extends ?? null,
    plan: config === null ? null : planOf(config),
    problems,
    notInForce: notInForce.map((value) => value.path),
  }
}
