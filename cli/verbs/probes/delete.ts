import { confirmed } from '../../confirm-plan.ts'
import { EXIT } from '../../exit-codes.ts'
import { findProbeId, historyOf } from '../../probe/find-probe.ts'
import { type AddVerb, finishVerb } from '../../verb.ts'

type Options = { readonly yes?: boolean }

const EXAMPLES = ['mole probes delete 3f9c2a', 'mole probes delete probe-20261121-203315-3f9c2a --yes']

/** `mole probes delete`: there is no way back. */
export const addProbesDelete: AddVerb = (group, toolbox) => {
  const { world } = toolbox
  const command = group
    .command('delete')
    .summary('delete one for good')
    .description('Deletes a probe, after a question. The oldest go by themselves when there are more than 100.')
    .argument('<probe>', 'id of the probe, its last characters, or "latest"')
    .option('--yes', 'do not ask')
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, { yes = false }, [given = '']) => {
    const engine = await world.engine.findOrStart()
    try {
      const id = findProbeId(await historyOf(engine), given)
      await confirmed(world, `Delete ${id} for good?`, yes, `${id} is still there.`)
      await engine.call('probe.delete', { id })
      report.result({ id }, `${id} is deleted.`)
      return EXIT.ok
    } finally {
      engine.close()
    }
  })
}
