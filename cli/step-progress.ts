import type { Act, Step } from '../contract/app.ts'
import { colours } from './colours.ts'
import { plainText } from './plain-text.ts'
import { renderDuration } from './quantities.ts'
import type { World } from './world.ts'

/** Lines of a failed step's log that are shown; the panel has the rest. */
const LAST_LOG_LINES = 5

/** What another program says that does the work: the person asked for it, and is shown what it does. */
const FOREIGN = /^terraform: /

/** Back to the first column, and clear the line (ECMA-48 EL). */
const OVERWRITE = '\r\u001b[2K'

const elapsed = (step: Step): string =>
  step.startedAtMs === null || step.endedAtMs === null ? '' : renderDuration(step.endedAtMs - step.startedAtMs)

/** The last thing a running step said, so that a minute in the cloud is not silent. */
const latest = ({ log }: Step): string => {
  const text = log.at(-1)
  return text === undefined ? '' : `: ${plainText(text).slice(0, 100)}`
}

const renderEnded = (step: Step, hasColour: boolean): string => {
  const { red, green, dim } = colours(hasColour)
  if (step.state === 'done') return `  ${green('✓')} ${step.title} ${dim(elapsed(step))}\n`
  const log = step.log.slice(-LAST_LOG_LINES).map((text) => `      ${dim(plainText(text))}\n`)
  return `  ${red('✗')} ${step.title} ${dim(elapsed(step))}\n${log.join('')}`
}

/**
 * Tells on stderr what an act does: a line for each step as it ends and, on a terminal, the one that runs.
 * Call `show` with each view of the act, `end` when no more will come.
 */
export const openStepProgress = (
  world: Pick<World, 'stderr' | 'canRedraw' | 'hasColour'>,
  isQuiet: boolean,
): { show(act: Act): void; end(): void } => {
  const told = new Map<string, Step['state']>()
  let drawn = ''
  const draw = (text: string): void => {
    if (!world.canRedraw || text === drawn) return
    world.stderr(drawn === '' ? text : OVERWRITE + text)
    drawn = text
  }
  const heard = new Map<string, number>()
  const tellForeign = (act: Act): void => {
    for (const step of act.steps) {
      const key = `${act.startedAtMs} ${step.id} ${step.startedAtMs}`
      const fresh = step.log.slice(heard.get(key) ?? 0).filter((text) => FOREIGN.test(text))
      heard.set(key, step.log.length)
      for (const text of fresh) {
        draw('')
        world.stderr(`      ${colours(world.hasColour).dim(plainText(text))}\n`)
      }
    }
  }
  const tell = (act: Act): void => {
    tellForeign(act)
    const ended = act.steps.filter(({ state }) => state === 'done' || state === 'failed')
    for (const step of ended) {
      // Keyed by the act too: a roll-back repeats step names under another act.
      const key = `${act.startedAtMs} ${step.id} ${step.startedAtMs}`
      if (told.get(key) === step.state) continue
      told.set(key, step.state)
      draw('')
      world.stderr(renderEnded(step, world.hasColour))
    }
    const running = act.steps.find(({ state }) => state === 'running')
    draw(running === undefined ? '' : `  … ${running.title}${latest(running)}`)
  }
  return { show: isQuiet ? () => {} : tell, end: () => draw('') }
}
