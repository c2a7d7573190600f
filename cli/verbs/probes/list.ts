import { BottleneckName } from '../../../domain/probe/analysis.ts'
import { BOTTLENECK_NAMES, renderMs, renderTime } from '../../../domain/probe/describe.ts'
import type { ProbeSummary } from '../../../domain/probe/report.ts'
import { EXIT } from '../../exit-codes.ts'
import { plainText } from '../../plain-text.ts'
import { historyOf } from '../../probe/find-probe.ts'
import { renderRate } from '../../quantities.ts'
import { renderTable } from '../../table.ts'
import { unknownVerb } from '../../unknown-verb.ts'
import { type AddVerb, finishVerb } from '../../verb.ts'

const EXAMPLES = ['mole probes', 'mole probes --json | jq -r ".probes[0].id"']

const HEADINGS = ['ID', 'WHEN', 'TOWARDS', 'MTU', 'ROUND TRIP', 'GOODPUT', 'LIMIT', 'STATE']

const cell = <T>(value: T | null, render: (value: T) => string): string => (value === null ? '–' : render(value))

/** As the analysis names it; one that this version does not know as it is. */
const limitName = (name: string): string => {
  const known = BottleneckName.safeParse(name)
  return known.success ? BOTTLENECK_NAMES[known.data] : plainText(name)
}

const row = (probe: ProbeSummary): string[] => [
  probe.id,
  renderTime(probe.startedAtMs),
  plainText(probe.targetName),
  cell(probe.mtuBytes, String),
  cell(probe.rttMs, renderMs),
  cell(probe.goodputBitsPerSecond, renderRate),
  cell(probe.bottleneck, limitName),
  probe.state,
]

const NONE = 'There are no probes.\nTo make one: mole probe HOST, or mole probe --lab to try it on this machine'

const renderProbes = (probes: readonly ProbeSummary[]): string =>
  probes.length === 0 ? NONE : renderTable([HEADINGS, ...probes.map(row)])

/** `mole probes`: what was measured before. */
export const addProbesList: AddVerb = (group, toolbox) => {
  const { world } = toolbox
  const command = group
    .command('list', { isDefault: true })
    .summary('list them, newest first')
    .description('Lists what was measured, newest first: what towards, what was found, what limits.')
    // What is no verb of the group comes here, so that it can be told which was meant.
    .allowExcessArguments()
  finishVerb(command, toolbox, EXAMPLES, async (report, _, [operand]) => {
    if (operand !== undefined) throw unknownVerb(operand, group)
    const engine = await world.engine.findOrStart()
    try {
      const probes = await historyOf(engine)
      report.result({ probes }, renderProbes(probes))
      return EXIT.ok
    } finally {
      engine.close()
    }
  })
}
