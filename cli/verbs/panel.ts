import { EXIT } from '../exit-codes.ts'
import { offerPanel } from '../offer-panel.ts'
import { type AddVerb, finishVerb } from '../verb.ts'

type Options = { readonly open?: boolean }

const EXAMPLES = ['mole panel', 'mole panel --open']

/** `mole panel`: a fresh one-time address of the panel. */
export const addPanel: AddVerb = (program, toolbox) => {
  const { world } = toolbox
  const command = program
    .command('panel')
    .summary('print a fresh address of the panel')
    .description('Prints an address that opens the panel in a browser, once. Starts the engine where none is running.')
    .option('--open', 'open it in a browser too')
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, options) => {
    const engine = await world.engine.findOrStart()
    const { url } = await engine.call('panel.link', {})
    report.result({ url }, url)
    await offerPanel(world, report, url, options.open === true)
    return EXIT.ok
  })
}
