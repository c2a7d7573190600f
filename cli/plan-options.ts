import { badInput, MoleError } from '../contract/errors.ts'
import { DeploymentPlan } from '../domain/tunnel-plan.ts'
import { type PlanFile, parsePlanFile } from './plan-file.ts'
import { parseRate } from './quantities.ts'
import { wholeNumber } from './whole-number.ts'
import type { World } from './world.ts'

/** The options of `mole up` that make a plan, as commander hands them over. */
export type PlanOptions = {
  readonly file?: string
  readonly target?: string
  readonly tunnels?: string
  readonly pathRate?: string
  readonly baseCidr?: string
  readonly privateCidr?: string
  readonly mtu?: string
}

type PlanField = keyof DeploymentPlan

const FLAGS: Readonly<Record<PlanField, string>> = {
  target: '--target',
  tunnels: '--tunnels',
  baseCidr: '--base-cidr',
  privateCidr: '--private-cidr',
  mtuBytes: '--mtu',
  labPathRateBitsPerSecond: '--path-rate',
}

const badRate = (text: string): MoleError =>
  new MoleError('bad-input', `--path-rate: "${text}" is not a rate.`, {
    field: 'labPathRateBitsPerSecond',
    meaning: 'Nothing was changed.',
    nextStep: 'Give bits per second, such as 200M, 1.5G or 200000000.',
  })

const rate = (text: string): number => {
  const bitsPerSecond = parseRate(text)
  if (bitsPerSecond === null) throw badRate(text)
  return bitsPerSecond
}

const given = <T>(
  value: string | undefined,
  field: PlanField,
  parse: (text: string) => T,
): Partial<Record<PlanField, T>> => (value === undefined ? {} : { [field]: parse(value) })

const same = (text: string): string => text

const fieldsOf = (options: PlanOptions): Partial<Record<PlanField, unknown>> => ({
  ...given(options.target, 'target', same),
  ...given(options.tunnels, 'tunnels', wholeNumber),
  ...given(options.baseCidr, 'baseCidr', same),
  ...given(options.privateCidr, 'privateCidr', same),
  ...given(options.mtu, 'mtuBytes', wholeNumber),
  ...given(options.pathRate, 'labPathRateBitsPerSecond', rate),
})

const readPlanFile = async (world: Pick<World, 'readText'>, name: string): Promise<PlanFile> => {
  let text: string
  try {
    text = await world.readText(name)
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is not there' : 'cannot be read'
    throw new MoleError('bad-input', `${name} ${reason}.`, {
      field: '--file',
      meaning: 'Nothing was changed.',
      nextStep: 'Check the name of the plan file.',
    })
  }
  return parsePlanFile(text, name)
}

/** The value a person gave, for the error that refuses it. */
const shown = (options: PlanOptions, field: PlanField): string => {
  const key = FLAGS[field].slice(2).replace(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase())
  return `${FLAGS[field]} ${options[key as keyof PlanOptions] ?? ''}`
}

/**
 * The plan that a file and options ask for; options win.
 * @throws MoleError `bad-input` naming the option, or the file, line, column and key.
 */
export const planFrom = async (world: Pick<World, 'readText'>, options: PlanOptions): Promise<DeploymentPlan> => {
  const file = options.file === undefined ? null : await readPlanFile(world, options.file)
  const flags = fieldsOf(options)
  const parsed = DeploymentPlan.safeParse({ ...file?.fields, ...flags })
  if (parsed.success) return parsed.data
  const field = String(parsed.error.issues[0]?.path[0] ?? 'plan') as PlanField
  const { message, data } = badInput(parsed.error, 'plan')
  const reason = message.replace(/^plan: [^:]*: /, '')
  const where = Object.hasOwn(flags, field)
    ? shown(options, field)
    : file === null
      ? field
      : `${file.whereIs(field)}: ${field}`
  throw new MoleError('bad-input', `${where}: ${reason}`, { ...data, nextStep: `Correct ${where} and try again.` })
}
