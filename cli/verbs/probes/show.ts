import { EXIT, exitCodeOf } from '../../exit-codes.ts'
import { findProbeId, historyOf } from '../../probe/find-probe.ts'
import { renderReport } from '../../probe/render-report.ts'
import { checkFileNames, type FileOptions, writeReportFiles } from '../../probe/report-files.ts'
import { type AddVerb, finishVerb } from '../../verb.ts'

const EXAMPLES = [
  'mole probes show latest',
  'mole probes show 3f9c2a --html report.html   # for the network group',
  'mole probes show latest --json | jq .probe.analysis.bottlenecks',
]

/** `mole probes show`: a probe, as it was printed when it ended, or as files. */
export const addProbesShow: AddVerb = (group, toolbox) => {
  const { world } = toolbox
  const command = group
    .command('show')
    .summary('print one, or write it to a file')
    .description(
      'Prints what a probe found, where each number comes from, what limits and what to deploy; or writes it as one HTML page that needs nothing else, with the exact firewall request.',
    )
    .argument('<probe>', 'id of the probe, its last characters, or "latest"')
    .option('--html <file>', 'also write a report that a network group can read, to this new file')
    .option('--save-results [file.json]', 'also write everything as JSON, to this new file (default ID.json)')
  finishVerb<FileOptions>(command, toolbox, EXAMPLES, async (report, options, [given = '']) => {
    checkFileNames(options)
    const engine = await world.engine.findOrStart()
    try {
      const id = findProbeId(await historyOf(engine), given)
      const probe = await engine.call('probe.read', { id })
      const { files, problem } = await writeReportFiles(world, probe, options)
      if (problem !== null) {
        report.failure(problem, { probe, files })
        return exitCodeOf(problem.code)
      }
      report.result({ probe, files }, files.length > 0 ? files.join('\n') : renderReport(probe, world.hasColour))
      return EXIT.ok
    } finally {
      engine.close()
    }
  })
}
