import { z } from 'zod'
import type { FlowsView } from '../../contract/app.ts'
import { engineOfDeployment } from '../engine-of-deployment.ts'
import { EXIT } from '../exit-codes.ts'
import { renderFlows } from '../render-flows.ts'
import type { Report } from '../report.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import { parseNumber } from '../whole-number.ts'

type Options = { readonly watch?: true; readonly count?: string }

const EXAMPLES = ['mole flows', 'mole flows --watch', 'mole flows --json | jq ".flows[] | select(.isElephant)"']

const Count = z.int().min(1).max(1_000_000)
/** A rate takes two looks. */
const LOOKS = 2

const show = (report: Report, view: FlowsView, colour: boolean): void =>
  report.result({ ...view }, `${colour ? '\u001B[2J\u001B[H' : ''}${renderFlows(view)}\n`)

/** `mole flows`: the connections over the bundle. */
export const addFlows: AddVerb = (program, toolbox) => {
  const { world } = toolbox
  const command = program
    .command('flows')
    .summary('list the connections over the tunnels')
    .description(
      'Lists the TCP connections over the bundle, largest first: how fast each is, on which tunnel it rides, and what holds it back. An elephant (from 100 MB on, unless configured otherwise) is marked with *. With --watch it does so each second, until you leave.',
    )
    .option('--watch', 'again each second')
    .option('--count <n>', 'with --watch: end after so many')
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, options) => {
    const most = options.count === undefined ? Number.POSITIVE_INFINITY : parseNumber(Count, options.count, '--count')
    const engine = await engineOfDeployment(world)
    const leave = new AbortController()
    const onInterrupt = world.onInterrupt(() => leave.abort())
    const isDrawn = options.watch === true && world.isInteractive && world.canRedraw && !report.isJson
    let seen = 0
    try {
      for await (const view of engine.stream('flows.watch', {}, { signal: leave.signal })) {
        seen += 1
        const isLast = seen >= (options.watch === true ? most : LOOKS)
        if (options.watch === true || isLast) show(report, view, isDrawn)
        if (isLast) break
      }
    } catch (error) {
      if (!leave.signal.aborted) throw error
    } finally {
      onInterrupt()
      engine.close()
    }
    return EXIT.ok
  })
}
