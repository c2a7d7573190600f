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

const asProblem = ({ path, unreadable }: ProfileFile): ConfigProblem => ({
  source: path,
  place: null,
  key: 'document',
  message: unreadable?.message.replace(/\.$/, '') ?? 'cannot be read',
  nextStep: unreadable?.data.nextStep ?? null,
})

/** What a profile's file comes to, with everything it stands on. */
export const accountOf = async (world: World, file: ProfileFile): Promise<ProfileAccount> => {
  const { name, path, text, revision, modifiedAtMs, hasBackup } = file
  const about = { name, path, revision, modifiedAtMs, hasBackup }
  if (text === null)
    return { ...about, description: null, extends: null, plan: null, problems: [asProblem(file)], notInForce: [] }
  const { config, problems, notInForce, document } = await world.config.load({ profile: name })
  return {
    ...about,
    description: document?.description ?? null,
    extends: document?.extends ?? null,
    plan: config === null ? null : planOf(config),
    problems,
    notInForce: notInForce.map((value) => value.path),
  }
}
