import { MoleError } from '../../contract/errors.ts'
import type { TunnelInterface } from '../../domain/host-state.ts'
import type { HelperClient } from '../../engine/cloud/provider.ts'
import { renderWgQuick, wgQuickFileName } from '../../engine/deployment/render-wg-quick.ts'
import { EXIT } from '../exit-codes.ts'
import { type AddVerb, finishVerb } from '../verb.ts'

type Options = { readonly directory: string; readonly withKeys?: boolean }

const EXAMPLES = [
  'mole export wg-quick --directory tunnels',
  'mole export wg-quick --directory tunnels --with-keys   # the files hold private keys',
]

const nothingUp = (): MoleError =>
  new MoleError('conflict', 'No tunnels are up.', {
    field: 'deployment',
    meaning: 'There is nothing to export.',
    nextStep: 'Make some first: "mole up", or "mole connect" with a saved profile.',
  })

const revealKeys = async (helper: HelperClient, tunnels: readonly TunnelInterface[]): Promise<Record<string, string>> =>
  (await helper.call('keys.reveal', { names: tunnels.map(({ keyName }) => keyName) })).privateKeys

/**
 * `mole export wg-quick`: what is up, for other WireGuard tools. It asks the helper itself: private keys do not pass
 * through the engine, which a browser may be connected to.
 */
export const addExportWgQuick: AddVerb = (group, toolbox) => {
  const { world } = toolbox
  const command = group
    .command('wg-quick')
    .summary('write a wg-quick file for each tunnel that is up')
    .description(
      'Writes a wg-quick(8) file, readable by you alone, for each tunnel that is up. Nothing is written over. The private keys are left out unless you ask for them.',
    )
    .option('--directory <directory>', 'where to; it is made where it is not there', '.')
    .option('--with-keys', 'with the private keys: whoever has the files has the tunnels')
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, { directory, withKeys = false }) => {
    const helper = await world.findHelper()
    if (helper === null) throw nothingUp()
    try {
      const { tunnels } = (await helper.call('inspect', {})).state
      if (tunnels.length === 0) throw nothingUp()
      const keys = withKeys ? await revealKeys(helper, tunnels) : {}
      const files = await world.writeNewFiles(
        directory,
        tunnels.map((tunnel) => ({
          name: wgQuickFileName(tunnel),
          text: renderWgQuick(tunnel, keys[tunnel.keyName] ?? null),
        })),
      )
      if (withKeys) report.note('These files hold private keys: keep them to yourself, and remove them after use.')
      report.result({ files, withKeys }, files.join('\n'))
      return EXIT.ok
    } finally {
      helper.close()
    }
  })
}
