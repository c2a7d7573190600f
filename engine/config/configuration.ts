import { join } from 'node:path'
import type { AppContract } from '../../contract/app.ts'
import type { OutputOf } from '../../contract/define.ts'
import { planOf } from '../../domain/config/plan-of.ts'
import { probeOf } from '../../domain/config/probe-of.ts'
import type { ProbeRequest } from '../../domain/probe/request.ts'
import type { DeploymentPlan } from '../../domain/tunnel-plan.ts'
import type { Activity } from '../activity.ts'
import type { Paths } from '../paths.ts'
import type { Resolution } from '../profiles/summaries.ts'
import type { Environment } from './environment.ts'
import { configOf, deployableOf, type LoadedConfig, loadConfig } from './load.ts'

/** The configuration as this engine sees it: the user's files, and the variables the engine was started with. */
export type Configuration = {
  /** What connecting a saved profile makes. @throws MoleError. */
  planOf(profile: string): Promise<DeploymentPlan>
  /** What a probe is asked by a profile, or by what is configured without one. @throws MoleError. */
  probeOf(profile: string | null): Promise<Omit<ProbeRequest, 'target'>>
  /** What to know before a saved profile is connected: the keys it sets to no effect. @throws MoleError `not-found`. */
  warningsOf(profile: string): Promise<string[]>
  /** Tells the warnings of a profile that is being connected as events. Of one that is gone by now there are none. */
  tellWarnings(profile: string): Promise<void>
  /** Tells that a profile was connected without the probe it asks for: nobody is there who could be asked about its price. */
  tellNotProbed(profile: string): Promise<void>
  /** What a profile's text comes to. */
  summarise(name: string, text: string): Promise<Resolution>
  check(text: string, name: string): Promise<OutputOf<AppContract, 'config.check'>>
  show(profile: string | null): Promise<OutputOf<AppContract, 'config.show'>>
}

export type ConfigurationOptions = {
  readonly paths: Paths
  readonly environment: Environment
  readonly activity: Pick<Activity, 'add'>
}

const keysOf = ({ notInForce }: LoadedConfig): string[] => notInForce.map(({ path }) => path)

const shownPlan = ({ config }: LoadedConfig): DeploymentPlan | null => (config === null ? null : planOf(config))

export const openConfiguration = ({ paths, environment, activity }: ConfigurationOptions): Configuration => {
  const directory = join(paths.config, 'profiles')
  const judge = (text: string, name: string): Promise<LoadedConfig> =>
    loadConfig({ paths, environment, document: { text, source: `${name}.yaml`, directory } })
  const warningsOf = async (profile: string): Promise<string[]> => {
    const keys = keysOf(await loadConfig({ paths, environment, profile }))
    return keys.length === 0
      ? []
      : [`With the profile "${profile}", these are set to no effect in this version: ${keys.join(', ')}.`]
  }
  return {
    planOf: async (profile) => deployableOf(await loadConfig({ paths, environment, profile })),
    probeOf: async (profile) =>
      probeOf(configOf(await loadConfig({ paths, environment, ...(profile === null ? {} : { profile }) }))),
    warningsOf,
    tellWarnings: async (profile) => {
      // The deployment has begun, and does not depend on it.
      const warnings = await warningsOf(profile).catch(() => [])
      for (const warning of warnings) activity.add('warning', 'config.not-in-force', warning)
    },
    tellNotProbed: async (profile) => {
      const { config } = await loadConfig({ paths, environment, profile })
      if (config?.deployment.auto_optimize !== true) return
      activity.add(
        'warning',
        'config.not-probed',
        `The profile "${profile}" says deployment.auto_optimize, and was connected by its plan as it is written: "mole connect ${profile}" probes first.`,
      )
    },
    summarise: async (name, text) => {
      const loaded = await judge(text, name)
      return {
        plan: shownPlan(loaded),
        problems: [...loaded.problems],
        notInForce: keysOf(loaded),
        description: loaded.document?.description ?? null,
        extends: loaded.document?.extends ?? null,
      }
    },
    check: async (text, name) => {
      const loaded = await judge(text, name)
      return {
        problems: [...loaded.problems],
        values: [...loaded.values],
        plan: shownPlan(loaded),
        notInForce: keysOf(loaded),
      }
    },
    show: async (profile) => {
      const { values, problems } = await loadConfig({ paths, environment, ...(profile === null ? {} : { profile }) })
      return { values: [...values], problems: [...problems] }
    },
  }
}
