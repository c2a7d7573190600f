import { bringUp, type UpOptions } from '../bring-up.ts'
import { addConfigOptions, configRequestOf } from '../config-request.ts'
import { orderOfRequest } from '../plan-of-request.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import type { ConfigRequest, World } from '../world.ts'

const EXAMPLES = [
  'mole multi-up --tunnels 6 --strategy adaptive --mptcp',
  'mole multi-up --vpc vpc-12345 --tunnels 6 --bastions 3 --spot',
]

const BASTIONS = 'deployment.bastions'
const FEWEST = 2

/** The same request, for two bastions where nobody said how many. */
const overSeveral = async (world: World, request: ConfigRequest): Promise<ConfigRequest> => {
  const { values } = await world.config.load(request)
  if (values.find(({ path }) => path === BASTIONS)?.origin !== 'default') return request
  return { ...request, flags: [...(request.flags ?? []), { flag: 'multi-up', path: BASTIONS, value: FEWEST }] }
}

/** `mole multi-up`: the same as `up`, over several bastions. */
export const addMultiUp: AddVerb = (program, toolbox) => {
  const { world } = toolbox
  const command = program
    .command('multi-up')
    .summary('make tunnels over several bastions')
    .description(
      'The same as "mole up", over several bastions: two where nothing says how many, or as many as the tunnels need. It shows what it makes and costs, and asks.\nWith --mptcp a connection of a program that speaks Multipath TCP uses all tunnels; "mole run" starts others so.',
    )
    .option('--yes', 'do not ask')
  addConfigOptions(command, ['--strategy', '--mptcp'])
  finishVerb<UpOptions>(command, toolbox, EXAMPLES, async (report, options) => {
    const request = await overSeveral(world, await configRequestOf(world, options))
    const order = await orderOfRequest(world, report, request)
    return bringUp(world, report, options, { ...order, profile: request.profile ?? null })
  })
}
