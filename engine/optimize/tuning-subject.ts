import { isDeepStrictEqual } from 'node:util'
import type { OptimizeTrial } from '../../contract/app.ts'
import type { HostLoad } from '../../contract/helper.ts'
import { onlyOptions, optionsOf, type Tuning, type TuningOption, withOption } from '../../domain/tuning.ts'
import type { HostManner } from '../deployment/planned-host.ts'
import type { Kind, Subject, TrialGround } from './subject.ts'

const lackOf = ({ lacking }: HostLoad, option: TuningOption): string | null => {
  const reasons = lacking.filter((each) => each.option === option).map(({ reason }) => reason)
  return reasons.length > 0 ? reasons.join('; ') : null
}

/** Why there is nothing to try; `null` when there is. */
const nothingToTry = (load: HostLoad, option: TuningOption): string | null => {
  if (load.tuned.some((setting) => setting.option === option)) return null
  return lackOf(load, option) ?? 'the host is so already: there is nothing to try'
}

const sameOptions = (a: readonly TuningOption[], b: readonly TuningOption[]): boolean =>
  a.length === b.length && a.every((option) => b.includes(option))

type Manners = {
  /** What is in force beside it. */
  readonly without: () => HostManner
  readonly with: () => HostManner
}

const measuringTuned = (ground: TrialGround, manners: Manners): Pick<Subject, 'have' | 'measure'> => ({
  have: (kind: Kind) => ground.tune(manners[kind]()),
  measure: (_, seconds, signal) => ground.measure({ seconds }, signal),
})

/** An option that the plan wants tuned: with it, and without. */
export const wantedSubject = (ground: TrialGround, option: TuningOption): Subject => {
  const beside = (): readonly TuningOption[] => ground.tuned().filter((other) => other !== option)
  const manners: Manners = {
    without: () => ({ tuned: beside() }),
    with: () => ({ tuned: [...beside(), option] }),
  }
  /** What was tried last is in force still: from here on it is what is recorded. */
  const conclude = (kind: Kind): Promise<void> => {
    const manner = manners[kind]()
    return sameOptions(manner.tuned, ground.tuned()) ? ground.tune(null) : ground.keep(manner)
  }
  return {
    option,
    change: null,
    lacks: async () => {
      await ground.tune(manners.with())
      return nothingToTry(await ground.load(), option)
    },
    ...measuringTuned(ground, manners),
    keep: () => conclude('with'),
    takeBack: () => conclude('without'),
  }
}

/** Whether a tuning asks for anything of an option. */
const asks = (tuning: Tuning, option: TuningOption): boolean => optionsOf(tuning).includes(option)

/** An option that is to be as `recommended` has it: so, and as it is now. */
export const recommendedSubject = (
  ground: TrialGround,
  option: TuningOption,
  recommended: Tuning,
  change: OptimizeTrial['change'],
): Subject => {
  const isAsked = asks(recommended, option)
  const isInForce = (): boolean => {
    const { apply, wanted } = ground.plan().tuning
    return asks(wanted, option) && (apply === 'always' || ground.tuned().includes(option))
  }
  const manners: Manners = {
    without: () => ({ tuned: ground.tuned() }),
    with: () => {
      const beside = ground.tuned().filter((other) => other !== option)
      const wanted = withOption(ground.plan().tuning.wanted, option, recommended)
      return { tuned: isAsked ? [...beside, option] : beside, wanted }
    },
  }
  const lacks = async (): Promise<string | null> => {
    const { apply, wanted } = ground.plan().tuning
    if (apply === 'never') return 'this deployment leaves its host as it is (optimization.apply)'
    if (!isAsked) return isInForce() ? null : 'it is not in force: there is nothing to try'
    const isSame = isDeepStrictEqual(onlyOptions(wanted, [option]), onlyOptions(recommended, [option]))
    if (isInForce() && isSame) return 'it is in force already'
    await ground.tune(manners.with())
    const load = await ground.load()
    // What the host has by itself is another than what is in force now.
    return isInForce() ? lackOf(load, option) : nothingToTry(load, option)
  }
  return {
    option,
    change,
    lacks,
    ...measuringTuned(ground, manners),
    keep: () => ground.keep(manners.with()),
    takeBack: () => ground.tune(null),
  }
}
