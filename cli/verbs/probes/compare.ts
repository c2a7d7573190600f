import { compareProbes } from '../../../domain/probe/compare.ts'
import { renderTime } from '../../../domain/probe/describe.ts'
import type { ProbeReport } from '../../../domain/probe/report.ts'
import { EXIT } from '../../exit-codes.ts'
import { plainText } from '../../plain-text.ts'
import { findProbeId, historyOf } from '../../probe/find-probe.ts'
import { renderTable } from '../../table.ts'
import { type AddVerb, finishVerb } from '../../verb.ts'

const EXAMPLES = ['mole probes compare 3f9c2a latest', 'mole probes compare 3f9c2a 81d0e7 --json']

const renderComparison = (first: ProbeReport, second: ProbeReport): string => {
  const rows = compareProbes(first, second).map((row) => [
    row.name,
    plainText(row.first ?? '–'),
    plainText(row.second ?? '–'),
    row.change ?? '',
  ])
  return renderTable([
    ['', first.id, second.id, 'change'],
    ['When', renderTime(first.startedAtMs), renderTime(second.startedAtMs), ''],
    ...rows,
  ])
}

/** `mole probes compare`: two probes side by side. */
export const addProbesCompare: AddVerb = (group, toolbox) => {
  const { world } = toolbox
  const command = group
    .command('compare')
    .summary('show two side by side, and what is different')
    .description('Shows two probes side by side, with what changed from the first to the second.')
    .argument('<first>', 'id of a probe, its last characters, or "latest"')
    .argument('<second>', 'another one')
  finishVerb(command, toolbox, EXAMPLES, async (report, _, [one = '', other = '']) => {
    const engine = await world.engine.findOrStart()
    try {
      const history = await historyOf(engine)
      const ids = [findProbeId(history, one), findProbeId(history, other)] as const
      const first = await engine.call('probe.read', { id: ids[0] })
      const second = await engine.call('probe.read', { id: ids[1] })
      report.result(
        { first: ids[0], second: ids[1], rows: compareProbes(first, second) },
        renderComparison(first, second),
      )
      return EXIT.ok
    } finally {
      engine.close()
    }
  })
}
