import { MoleError } from '../../contract/errors.ts'
import { EXIT } from '../exit-codes.ts'
import { helperStatusFields, renderHelperStatus } from '../render-helper-status.ts'
import { type AddVerb, finishVerb } from '../verb.ts'

type Options = { readonly user?: string; readonly root: string }

const EXAMPLES = [
  'sudo mole helper install',
  'sudo mole helper install --user alice',
  'mole helper install --user alice --root ./package   # files only, for a package',
]

const forWhom = (): MoleError =>
  new MoleError('bad-input', 'It was not said for whom the helper is to be.', {
    field: '--user',
    meaning: 'You are root yourself, and did not come by sudo. Nothing was changed.',
    nextStep: 'Name the user who is to run Cloud Mole: mole helper install --user NAME.',
  })

const mute = (): MoleError =>
  new MoleError('helper-unreachable', 'The helper is installed, and does not answer.', {
    field: 'mole-helper.service',
    meaning: 'No tunnels can be made with it.',
    nextStep: 'See why: journalctl -u mole-helper.service. Then give the command again.',
  })

/** `mole helper install`: the one thing that needs root, once. */
export const addHelperInstall: AddVerb = (group, toolbox) => {
  const { world } = toolbox
  const command = group
    .command('install')
    .summary('install it for one user; needs root, once')
    .description(
      'Copies the helper to /usr/lib/mole, has systemd listen for one user on /run/mole/helper.sock, and starts it confined to what it needs. Again: brings it up to this version, or gives it to another user; tunnels that are up stay up.',
    )
    .option('--user <name>', 'who may use it; without it, who called sudo')
    .option('--root <directory>', 'only write the files, below this directory; starts nothing', '/')
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, { user, root }) => {
    const name = user ?? world.invoker
    if (name === null) throw forWhom()
    const status = await world.hostHelper.install({ user: name, root })
    if (root === '/' && status.answer !== 'answers') throw mute()
    report.result({ ...helperStatusFields(status), user: name }, renderHelperStatus(status))
    return EXIT.ok
  })
}
