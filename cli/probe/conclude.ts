import { MoleError } from '../../contract/errors.ts'
import type { ProbeReport } from '../../domain/probe/report.ts'
import { PROBE_PARTS } from '../../domain/probe/request.ts'
import { EXIT, type ExitCode, exitCodeOf } from '../exit-codes.ts'
import type { Report } from '../report.ts'
import type { World } from '../world.ts'
import { hintsOf } from './intent.ts'
import { partInSentence } from './parts.ts'
import { renderReport } from './render-report.ts'
import { type FileOptions, writeReportFiles } from './report-files.ts'

/** Why a probe is no success; `null` when it is one. */
const problemOf = (probe: ProbeReport): MoleError | null => {
  const failed = PROBE_PARTS.filter((part) => probe[part].state === 'failed')
  const nextStep = `"mole probes show ${probe.id}" shows what was found.`
  if (probe.state === 'cancelled')
    return new MoleError('cancelled', 'The probe was cancelled.', {
      meaning: 'What was found until then is kept.',
      nextStep,
    })
  const why = probe.problem ?? failed.map((part) => probe[part].problem).find((problem) => problem !== null) ?? null
  if (probe.state !== 'failed' && failed.length === 0) return null
  const what =
    failed.length === 0
      ? 'The probe failed.'
      : `Not everything could be measured: ${failed.map(partInSentence).join(', ')}.`
  return new MoleError('interrupted', what, {
    ...(why === null ? {} : { meaning: [why.message, why.meaning ?? ''].join(' ').trim() }),
    nextStep: why?.nextStep ?? nextStep,
  })
}

/**
 * Writes the files that were asked for, prints what a probe found, also where it is not whole, and says how it ended.
 * A file that cannot be written is told after what was found.
 */
export const concludeProbe = async (
  world: World,
  report: Report,
  probe: ProbeReport,
  options: FileOptions,
): Promise<ExitCode> => {
  const { files, problem: notWritten } = await writeReportFiles(world, probe, options)
  const problem = problemOf(probe) ?? notWritten
  const text = renderReport(probe, world.hasColour)
  const fields = { probe, files }
  if (problem === null) report.result(fields, text)
  else report.failure(problem, fields, text)
  for (const hint of hintsOf(probe, files)) report.note(hint)
  return problem === null ? EXIT.ok : exitCodeOf(problem.code)
}
