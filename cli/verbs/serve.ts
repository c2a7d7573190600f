import { Option } from 'commander'
import { z } from 'zod'
import { MoleError } from '../../contract/errors.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { offerPanel } from '../offer-panel.ts'
import type { Report } from '../report.ts'
import { stopEngine } from '../stop-engine.ts'
import { type AddVerb, finishVerb } from '../verb.ts'
import { parseNumber } from '../whole-number.ts'
import type { Served, ServeRequest, World } from '../world.ts'

type Options = {
  readonly background?: boolean
  readonly port: string
  readonly open?: boolean
  readonly stop?: boolean
  readonly detached?: boolean
  readonly untilIdle?: boolean
}

const EXAMPLES = [
  'mole serve                       # here, until Ctrl-C; tunnels stay up after it',
  'mole serve --open                # and open the panel in a browser',
  'mole serve --background          # as a process of its own',
  'mole serve --stop                # end it; tunnels stay up',
]

const Port = z.int().min(0).max(65_535)

const alreadyRunning = (pid: number): MoleError =>
  new MoleError('conflict', `An engine of yours is running already (process ${pid}).`, {
    field: 'engine',
    meaning: 'There is one engine per user, so a second one was not started.',
    nextStep:
      'Use it: "mole panel" prints a fresh address of its panel. Or end it: "mole serve --stop"; tunnels stay up.',
  })

const assertNoneRunning = async (world: World): Promise<void> => {
  const running = await world.engine.find()
  if (running !== null) throw alreadyRunning((await running.call('engine.hello', {})).pid)
}

const stop = async (world: World, report: Report): Promise<ExitCode> => {
  const running = await world.engine.find()
  if (running === null) {
    report.result({ stopped: false }, 'No engine was running.')
    return EXIT.ok
  }
  await stopEngine(world, running)
  report.result({ stopped: true }, 'The engine has ended. Tunnels that were up are still up.')
  return EXIT.ok
}

const serveInBackground = async (world: World, report: Report, port: number, open: boolean): Promise<ExitCode> => {
  await assertNoneRunning(world)
  const engine = await world.serveInBackground({ port, untilIdle: false })
  const [{ url }, { pid }] = await Promise.all([engine.call('panel.link', {}), engine.call('engine.hello', {})])
  report.result({ url, pid }, url)
  await offerPanel(world, report, url, open)
  report.note('The engine runs in the background; to end it: mole serve --stop')
  return EXIT.ok
}

/** The engine itself, until somebody ends it. */
const serveUntilEnd = async (
  world: World,
  request: ServeRequest,
  tell: (served: Served) => Promise<void>,
): Promise<void> => {
  // Heard from the first: an engine that is ended while it starts must end in order too.
  const interrupted = Promise.withResolvers<void>()
  const release = world.onInterrupt(interrupted.resolve)
  try {
    const served = await world.serve(request)
    void interrupted.promise.then(() => served.stop())
    try {
      await tell(served)
      await served.ended
    } catch (error) {
      await served.stop()
      throw error
    }
  } finally {
    release()
  }
}

const serveHere = async (world: World, report: Report, port: number, open: boolean): Promise<ExitCode> => {
  await assertNoneRunning(world)
  await serveUntilEnd(world, { port, untilIdle: false }, async (served) => {
    const url = await served.link()
    report.result({ url, pid: served.pid, unixSocket: served.unixSocket }, url)
    await offerPanel(world, report, url, open)
    report.note(`Or by its Unix socket, at port 8080 of your own machine: ssh -L 8080:${served.unixSocket} this-host`)
    report.note('Ctrl-C ends the engine; tunnels stay up.')
  })
  report.note('The engine has ended. Tunnels that were up are still up.')
  return EXIT.ok
}

/** What `--background` and every other verb start: it says nothing, because a link in a log file would be a leak. */
const serveDetached = async (world: World, port: number, untilIdle: boolean): Promise<ExitCode> => {
  await serveUntilEnd(world, { port, untilIdle }, async () => {})
  return EXIT.ok
}

/** `mole serve`: the engine and its panel, in this terminal or in the background. */
export const addServe: AddVerb = (program, toolbox) => {
  const { world } = toolbox
  const command = program
    .command('serve')
    .summary('run the engine and serve the panel to your browser')
    .description(
      'Runs the engine and serves the panel on 127.0.0.1, to you alone: the printed address holds a token that works once. "mole panel" prints another.\nTunnels do not depend on it: they stay up when it ends.',
    )
    .option('--background', 'run as a process of its own and return')
    .option('--port <port>', 'TCP port on 127.0.0.1; 0 takes a free one', '0')
    .option('--open', 'open the panel in a browser')
    .option('--stop', 'end the running engine; tunnels stay up')
    .addOption(new Option('--detached').hideHelp())
    .addOption(new Option('--until-idle').hideHelp())
  finishVerb<Options>(command, toolbox, EXAMPLES, async (report, options) => {
    const port = parseNumber(Port, options.port, '--port')
    if (options.stop === true) return stop(world, report)
    if (options.background === true) return serveInBackground(world, report, port, options.open === true)
    if (options.detached === true) return serveDetached(world, port, options.untilIdle === true)
    return serveHere(world, report, port, options.open === true)
  })
}
