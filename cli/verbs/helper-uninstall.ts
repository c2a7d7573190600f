import { EXIT } from '../exit-codes.ts'
import { type AddVerb, finishVerb } from '../verb.ts'

type Options = { readonly root: string }

const EXAMPLES = ['sudo mole helper uninstall']

/** `mole helper uninstall`: nothing of it stays. */
export const addHelperUninstall: AddVerb = (group, toolbox) => {
  const { world } = toolbox
  const command = group
    .command('uninstall')
    .summary('take it away again; needs root')
    .description(
      'Ends the helper and removes its units, program, keys and journal. It is refused while tunnels are up: "mole down" comes first.',
    )
    .option('--root <directory>', 'only remove the files below this directory', '/')
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, { root }) => {
    await world.hostHelper.uninstall(root)
    report.result({ isInstalled: false }, 'The helper is uninstalled.')
    return EXIT.ok
  })
}
