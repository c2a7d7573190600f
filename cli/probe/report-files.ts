import { existsSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { MoleError } from '../../contract/errors.ts'
import { renderProbeHtml } from '../../domain/probe/render-html.ts'
import type { ProbeReport } from '../../domain/probe/report.ts'
import { plainText } from '../plain-text.ts'
import type { World } from '../world.ts'
import { refused } from './refused.ts'

export type FileOptions = {
  readonly html?: string
  /** `true`: named by the probe's id. */
  readonly saveResults?: string | true
}

const nameOf = (flag: string, path: string, ending: string, hint: string): string => {
  if (path.endsWith(ending)) return path
  throw refused(flag, path, `must be a file whose name ends with ${ending}`, hint)
}

/** Nothing is written over, and that is better known before minutes of measuring than after. */
const refuseExisting = (flag: string, path: string): void => {
  if (!existsSync(path)) return
  throw new MoleError('conflict', `${flag} ${plainText(path)}: it is there already.`, {
    field: flag,
    meaning: 'Nothing is ever written over. Nothing was done.',
    nextStep: 'Move it away, or write to another place.',
  })
}

/**
 * @throws MoleError `bad-input` where a name is none: what follows an option may have been meant as the host; `conflict` where
 * there is such a file.
 */
export const checkFileNames = ({ html, saveResults }: FileOptions): void => {
  if (html !== undefined)
    refuseExisting('--html', nameOf('--html', html, '.html', 'Give it such a name, for example --html report.html'))
  if (typeof saveResults === 'string') {
    const hint = 'If it is the host, give it first: mole probe HOST --save-results'
    refuseExisting('--save-results', nameOf('--save-results', saveResults, '.json', hint))
  }
}

/** What is to be written of a probe, and where. */
const filesOf = (report: ProbeReport, { html, saveResults }: FileOptions): { path: string; text: string }[] => [
  ...(html === undefined ? [] : [{ path: html, text: renderProbeHtml(report) }]),
  ...(saveResults === undefined
    ? []
    : [
        {
          path: saveResults === true ? `${report.id}.json` : saveResults,
          text: `${JSON.stringify(report, null, 2)}\n`,
        },
      ]),
]

/** Writes what was asked for, never over another file. The first that cannot be written is the `problem`. */
export const writeReportFiles = async (
  world: Pick<World, 'writeNewFiles'>,
  report: ProbeReport,
  options: FileOptions,
): Promise<{ readonly files: readonly string[]; readonly problem: MoleError | null }> => {
  const files: string[] = []
  try {
    for (const { path, text } of filesOf(report, options))
      files.push(...(await world.writeNewFiles(dirname(path), [{ name: basename(path), text }])))
    return { files, problem: null }
  } catch (error) {
    if (!(error instanceof MoleError)) throw error
    const nextStep = `${error.data.nextStep ?? ''} The probe is kept: mole probes show ${report.id}, with --html FILE or --save-results FILE`
    return { files, problem: new MoleError(error.code, error.message, { ...error.data, nextStep: nextStep.trim() }) }
  }
}
