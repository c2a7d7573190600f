import { PART_NAMES } from '../../domain/probe/describe.ts'
import type { ProbeReport } from '../../domain/probe/report.ts'
import type { ProbePart } from '../../domain/probe/request.ts'
import { PROBE_PARTS } from '../../domain/probe/request.ts'
import { colours } from '../colours.ts'
import { plainText } from '../plain-text.ts'
import { renderDuration } from '../quantities.ts'
import type { World } from '../world.ts'
import { outcomeOfPart } from './parts.ts'

/** Back to the first column, and clear the line (ECMA-48 EL). */
const OVERWRITE = '\r\u001b[2K'
/** So that the line is not wrapped, which cannot be drawn over. */
const MOST_CHARACTERS = 76

const elapsed = ({ startedAtMs, endedAtMs }: ProbeReport[ProbePart]): string =>
  startedAtMs === null || endedAtMs === null ? '' : renderDuration(endedAtMs - startedAtMs)

const renderEnded = (report: ProbeReport, part: ProbePart, hasColour: boolean): string => {
  const { red, green, yellow, dim } = colours(hasColour)
  const each = report[part]
  const mark = each.state === 'done' ? green('✓') : each.state === 'failed' ? red('✗') : yellow('–')
  return `  ${mark} ${PART_NAMES[part]}: ${outcomeOfPart(report, part)} ${dim(elapsed(each))}\n`
}

const renderRunning = (report: ProbeReport, part: ProbePart): string => {
  const { doing, progressRatio } = report[part]
  const share = `${Math.floor(progressRatio * 100)} %`.padStart(5)
  return `  …${share} ${PART_NAMES[part]}${doing === '' ? '' : `: ${plainText(doing)}`}`.slice(0, MOST_CHARACTERS)
}

const isOver = (state: ProbeReport[ProbePart]['state']): boolean => state !== 'waiting' && state !== 'running'

/**
 * Tells on stderr how far a probe is: a line for each part as it ends, and what is being done now: on a terminal drawn over,
 * elsewhere a line for each piece as it begins.
 * Call `show` with each view, `end` when no more will come.
 */
export const openProbeProgress = (
  world: Pick<World, 'stderr' | 'canRedraw' | 'hasColour'>,
  isQuiet: boolean,
): { show(report: ProbeReport): void; end(): void } => {
  const told = new Set<ProbePart>()
  let drawn = ''
  const draw = (text: string): void => {
    if (!world.canRedraw || text === drawn) return
    world.stderr(drawn === '' ? text : OVERWRITE + text)
    drawn = text
  }
  const begun = new Set<string>()
  /** Where no line can be drawn over, each piece is told once, when it begins. */
  const tellBeginning = (part: ProbePart, doing: string): void => {
    // "Upload over 4 streams, 5 s: now 57 Mbit/s": what it comes to just now is for the line that is drawn over.
    const [piece = ''] = doing.split(': now ')
    if (piece === '' || begun.has(piece)) return
    begun.add(piece)
    world.stderr(`  … ${PART_NAMES[part]}: ${piece}\n`)
  }
  const show = (report: ProbeReport): void => {
    const asked = PROBE_PARTS.filter((part) => report.request.parts.includes(part))
    for (const part of asked.filter((each) => isOver(report[each].state) && !told.has(each))) {
      told.add(part)
      draw('')
      world.stderr(renderEnded(report, part, world.hasColour))
    }
    const running = asked.find((part) => report[part].state === 'running')
    draw(running === undefined ? '' : renderRunning(report, running))
    if (running !== undefined && !world.canRedraw) tellBeginning(running, plainText(report[running].doing))
  }
  return { show: isQuiet ? () => {} : show, end: () => draw('') }
}
