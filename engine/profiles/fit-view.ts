import type { ProfileSummary, Profiles } from '../../contract/app.ts'

/** Of one frame of the contract (1 MiB), what the profiles may take: the rest is for its envelope and escapes. */
const MAX_VIEW_BYTES = 768 * 1024
const MAX_PROBLEMS = 5
const MAX_DESCRIPTION = 300
const MAX_DAMAGED = 100

const clip = (text: string): string => (text.length > MAX_DESCRIPTION ? `${text.slice(0, MAX_DESCRIPTION - 1)}…` : text)

/** The first problems are what the list shows; `config.check` tells all of them. */
const fitSummary = (summary: ProfileSummary): ProfileSummary => ({
  ...summary,
  description: summary.description === null ? null : clip(summary.description),
  problems: summary.problems
    .slice(0, MAX_PROBLEMS)
    .map((problem) => ({ ...problem, key: clip(problem.key), message: clip(problem.message) })),
})

const tooMany = (shown: number, all: number): NonNullable<Profiles['problem']> => ({
  code: 'capacity',
  message: `Only the first ${shown} of ${all} profiles are listed.`,
  data: {
    field: 'profiles',
    meaning: 'More than that is not sent to the panel. The others can still be used by name.',
    nextStep: 'Move the profiles that are not needed to another directory.',
  },
})

/** The view, cut to what one frame can carry. */
export const fitView = (view: Profiles): Profiles => {
  let left = MAX_VIEW_BYTES
  const fitted = view.profiles.map(fitSummary)
  const profiles = fitted.filter((each) => {
    left -= Buffer.byteLength(JSON.stringify(each)) + 1
    return left > 0
  })
  const isCut = profiles.length < fitted.length
  return {
    ...view,
    profiles,
    damaged: view.damaged.slice(0, MAX_DAMAGED),
    problem: view.problem ?? (isCut ? tooMany(profiles.length, fitted.length) : null),
  }
}
