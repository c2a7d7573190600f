import type { DamagedProfile } from '../../../contract/app.ts'
import { EXIT } from '../../exit-codes.ts'
import { firstEvent } from '../../first-event.ts'
import { plainText } from '../../plain-text.ts'
import { accountOf, type ProfileAccount } from '../../profile-account.ts'
import { renderDuration } from '../../quantities.ts'
import { renderConfigProblem } from '../../render-problem.ts'
import type { Report } from '../../report.ts'
import { renderTable } from '../../table.ts'
import { unknownVerb } from '../../unknown-verb.ts'
import { type AddVerb, finishVerb } from '../../verb.ts'
import type { World } from '../../world.ts'

type Options = { readonly names?: boolean }

const EXAMPLES = [
  'mole profiles',
  'mole profiles --json | jq -r ".profiles[] | select(.problems != []) | .name"',
  'mole profiles --names                       # for scripts: one name a line',
]

/** When each was connected last, as the running engine knows; `null` where none runs: then nobody knows. */
const observeLastConnected = async (world: World): Promise<ReadonlyMap<string, number | null> | null> => {
  const engine = await world.engine.find()
  if (engine === null) return null
  const known = await firstEvent(engine.stream('profiles.watch', {}))
  return new Map(known?.profiles.map(({ name, lastConnectedAtMs }) => [name, lastConnectedAtMs]))
}

type Listed = ProfileAccount & { readonly lastConnectedAtMs?: number | null }

const what = ({ plan, description }: Listed): string => {
  const makes = plan === null ? '–' : `${plan.target}, ${plan.tunnels} ${plan.tunnels === 1 ? 'tunnel' : 'tunnels'}`
  return description === null ? makes : `${makes}: ${plainText(description)}`
}

const lastConnected = ({ lastConnectedAtMs }: Listed, nowMs: number): string => {
  if (lastConnectedAtMs === undefined) return 'unknown'
  return lastConnectedAtMs === null ? 'never' : `${renderDuration(nowMs - lastConnectedAtMs)} ago`
}

const row = (profile: Listed, nowMs: number): string[] => [
  profile.name,
  what(profile),
  lastConnected(profile, nowMs),
  profile.problems.length === 0 ? '–' : String(profile.problems.length),
]

const HEADINGS = ['NAME', 'WHAT', 'LAST CONNECTED', 'PROBLEMS']

const renderDamaged = ({ name, movedTo, hasBackup }: DamagedProfile): string =>
  plainText(
    `The file of "${name}" held no text and was moved to ${movedTo}.${hasBackup ? ` Its text before: mole profiles restore ${name}` : ''}`,
  )

const NONE = 'There are no profiles.\nTo make one: mole create-profile NAME --target lab --tunnels 4'

const renderProfiles = (profiles: readonly Listed[], nowMs: number): string =>
  profiles.length === 0 ? NONE : renderTable([HEADINGS, ...profiles.map((each) => row(each, nowMs))])

const listNames = async (world: World, report: Report): Promise<void> => {
  const { profiles } = await world.profiles.list()
  const names = profiles.map(({ name }) => name)
  report.result({ names }, names.join('\n'))
}

const list = async (world: World, report: Report): Promise<void> => {
  const [{ profiles: files, damaged, warning }, connectedAt] = await Promise.all([
    world.profiles.list(),
    observeLastConnected(world),
  ])
  const accounts = await Promise.all(files.map((file) => accountOf(world, file)))
  const profiles: Listed[] = accounts.map((account) =>
    connectedAt === null ? account : { ...account, lastConnectedAtMs: connectedAt.get(account.name) ?? null },
  )
  report.result({ directory: world.profiles.directory, profiles, damaged }, renderProfiles(profiles, Date.now()))
  // What several stand on, such as the user's configuration, is told once.
  const problems = accounts.flatMap((account) => account.problems.map(renderConfigProblem))
  for (const problem of new Set(problems)) report.note(problem)
  for (const each of damaged) report.note(renderDamaged(each))
  if (warning !== null) report.note(plainText(warning))
}

/** `mole profiles`: the saved profiles. */
export const addProfilesList: AddVerb = (group, toolbox) => {
  const { world } = toolbox
  const command = group
    .command('list', { isDefault: true })
    .summary('list them: what each makes, when it was connected last, its problems')
    .description(
      'Lists the saved profiles: what each makes, when it was connected last (which only a running engine knows) and how many problems it has.',
    )
    .option('--names', 'only the names, one a line')
    // What is no verb of the group comes here, so that it can be told which was meant.
    .allowExcessArguments()
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, { names = false }, [operand]) => {
    if (operand !== undefined) throw unknownVerb(operand, group)
    await (names ? listNames(world, report) : list(world, report))
    return EXIT.ok
  })
}
