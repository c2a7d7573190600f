import { z } from 'zod'
import { engineOfDeployment } from '../engine-of-deployment.ts'
import { EXIT } from '../exit-codes.ts'
import { followMonitor } from '../monitor/follow.ts'
import { renderDeployment } from '../render-deployment.ts'
import type { Report } from '../report.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import { parseNumber } from '../whole-number.ts'
import type { MonitorScreen } from '../world.ts'

type Options = { readonly count?: string }

const EXAMPLES = [
  'mole monitor                                   # a dashboard; q leaves it',
  'mole monitor --json | jq -c .telemetry         # one JSON object a second',
  'mole monitor --count 10 > ten-seconds.txt',
]

const Count = z.int().min(1).max(1_000_000)

/** Where no dashboard can be drawn: one text, or one JSON object, for each second. */
const lines = (report: Report): MonitorScreen => ({
  show: ({ view, samples }) => {
    const telemetry = samples.at(-1) ?? null
    if (view !== null)
      report.result({ deployment: view, telemetry }, `${renderDeployment(view, telemetry, Date.now())}\n`)
  },
  close: async () => {},
})

/** `mole monitor`: the deployment, live. */
export const addMonitor: AddVerb = (program, toolbox) => {
  const { world } = toolbox
  const command = program
    .command('monitor')
    .summary('watch the deployment live, in this terminal')
    .description(
      'Shows the deployment and what each tunnel carries, each second, until you leave. Without a terminal, or with --json, it prints one record a second.',
    )
    .option('--count <n>', 'end after so many seconds of measurements')
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, options) => {
    const most = options.count === undefined ? Number.POSITIVE_INFINITY : parseNumber(Count, options.count, '--count')
    const engine = await engineOfDeployment(world)
    const leave = new AbortController()
    const quit = (): void => leave.abort()
    const onInterrupt = world.onInterrupt(quit)
    const isDrawn = world.isInteractive && world.canRedraw && !report.isJson
    const shown = isDrawn ? await world.openMonitorScreen(quit) : lines(report)
    let seen = 0
    try {
      await followMonitor(engine, leave.signal, (monitor, change) => {
        if (isDrawn || change === 'sample') shown.show(monitor)
        if (change === 'sample') seen += 1
        if (seen >= most) quit()
      })
    } finally {
      await shown.close()
      onInterrupt()
    }
    return EXIT.ok
  })
}
