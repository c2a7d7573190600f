import type { FoundDeployment } from '../contract/app.ts'
import { MoleError } from '../contract/errors.ts'
import { plainText } from './plain-text.ts'
import { renderResources } from './render-cloud.ts'
import type { Report } from './report.ts'
import type { Engine, World } from './world.ts'

/** Where to look. `isNamed`: the person, or their configuration, said that there is something of theirs in AWS. */
export type Account = { readonly profile: string | null; readonly region: string | null; readonly isNamed: boolean }

/** What was there, which of it was taken away, and how. */
export type Swept = {
  /** Where was looked. */
  readonly region: string
  readonly found: readonly FoundDeployment[]
  readonly removed: readonly string[]
  readonly log: readonly string[]
}

const nobodyToAsk = (found: readonly FoundDeployment[]): MoleError =>
  new MoleError('conflict', `In AWS there is still: ${found.map(({ deployment }) => deployment).join(', ')}.`, {
    field: '--force',
    meaning: 'There is no terminal to ask you on, so it was left. Everything else is taken away.',
    nextStep: 'Look at the list above; if nobody uses it: mole down --cleanup-all --force',
  })

type Looked = Pick<Swept, 'region' | 'found'>

/** What carries our tag. Where nobody named AWS, that it cannot be looked at is worth no more than a word. */
const find = async (report: Report, engine: Engine, account: Account): Promise<Looked | null> => {
  const { profile, region, isNamed } = account
  try {
    return await engine.call('aws.find', { profile, region })
  } catch (error) {
    if (isNamed || !(error instanceof MoleError)) throw error
    report.note(`AWS was not looked at: ${plainText(error.message)}`)
    return null
  }
}

const show = (report: Report, { deployment, isOurs, resources }: FoundDeployment): void =>
  report.note(
    `In AWS, ${plainText(deployment)}${isOurs ? ' (recorded here)' : ' (not recorded here: of another machine, or lost)'}:\n${renderResources(resources, '  ')}`,
  )

const chosen = async (world: World, found: readonly FoundDeployment[], isSure: boolean): Promise<FoundDeployment[]> => {
  if (isSure) return [...found]
  if (!world.isInteractive) throw nobodyToAsk(found)
  const wanted: FoundDeployment[] = []
  for (const each of found)
    if ((await world.confirm(`Take ${plainText(each.deployment)} away for good?`)) === true) wanted.push(each)
  return wanted
}

/**
 * Finds what carries our tag in AWS though nothing here has it up, shows it by deployment, asks for each, and has it
 * taken away. `null` where AWS could not be looked at and nobody had named it.
 * @throws MoleError `conflict` when something is there and nobody can be asked.
 */
export const sweepAws = async (
  world: World,
  report: Report,
  engine: Engine,
  account: Account,
  isSure: boolean,
): Promise<Swept | null> => {
  const looked = await find(report, engine, account)
  if (looked === null) return null
  const { region, found } = looked
  const nothing: Swept = { region, found, removed: [], log: [] }
  for (const each of found) show(report, each)
  if (found.length === 0) return nothing
  const wanted = await chosen(world, found, isSure)
  const left = found.length - wanted.length
  if (left > 0) report.note(`${left} of ${found.length} left as you said.`)
  if (wanted.length === 0) return nothing
  const deployments = wanted.map(({ deployment }) => deployment)
  const { log } = await engine.call('aws.sweep', { profile: account.profile, region, deployments })
  for (const line of log) report.note(`  ${plainText(line)}`)
  return { region, found, removed: deployments, log }
}
