import type { ChildProcess } from 'node:child_process'
import { constants } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { MoleError } from '../../contract/errors.ts'
import type { Runner } from '../run.ts'
import { ipIn, must } from './network-steps.ts'
import { delayMark, portsOf } from './paths.ts'
import type { BastionRecord } from './record.ts'
import { namespacePath, placeOf, ROUTER } from './topology.ts'

/**
 * Delay of a bastion's paths. Where the kernel has no netem, a process delays: the router leads the packets of delayed
 * paths, which nft marks, into a tun device, and gets them back from it some time later. Without the process they take
 * the ordinary way. The device names the process: without it, it ends.
 */

// Both the source (helper/lab/) and the bundle (dist/helper/) lie two folders below the package.
const PROGRAM = join(import.meta.dirname, '../../resources/lab/delay-relay.py')

const deviceOf = ({ index }: BastionRecord): string => `delay${index}`
/** The fifo by which the process is told its delays; on the world's tmpfs. */
const controlOf = ({ index }: BastionRecord): string => `/run/lab-delay${index}`
/** Beyond all that anybody else uses in the router: it is the lab's own. */
const tableOf = (record: BastionRecord): number => 1000 + delayMark(record)

const renderRouting = (record: BastionRecord): string => {
  const [device, table] = [deviceOf(record), tableOf(record)]
  return [
    // Packets of offload are up to 64 KiB: this is a second of several Gbit/s.
    `link set ${device} txqueuelen 5000 up`,
    `route add default dev ${device} table ${table}`,
    `rule add fwmark ${delayMark(record)} lookup ${table} priority ${table}`,
    '',
  ].join('\n')
}

const removal = (record: BastionRecord): string =>
  `rule del priority ${tableOf(record)}\nlink del ${deviceOf(record)}\n`

/** Ends a bastion's relay, if it has one; what waits in it is lost. */
export const removeDelayRelay = async (runner: Runner, record: BastionRecord): Promise<void> => {
  await runner.run('ip', ['-n', ROUTER, '-force', '-batch', '-'], { input: removal(record) })
  await rm(controlOf(record), { force: true })
}

const ended = (text: string): MoleError =>
  new MoleError('not-available', `Packets cannot be delayed here: ${text.trim() || 'the relay ended at once'}.`, {
    field: 'delayMs',
    meaning: 'This kernel has no netem, and the process that delays in its place could not open a tun device.',
    nextStep: 'Run once: sudo modprobe tun; sudo chmod 0666 /dev/net/tun — or ask for loss alone.',
  })

/** Resolves when the relay has its device. @throws MoleError `not-available` when it ends before. */
const ready = async (relay: ChildProcess): Promise<void> => {
  let problem = ''
  relay.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    problem = `${problem}${chunk}`.slice(-500)
  })
  if (relay.stdout === null) throw ended('')
  for await (const line of createInterface({ input: relay.stdout })) if (line === 'ready') return
  throw ended(problem)
}

const start = async (runner: Runner, record: BastionRecord): Promise<void> => {
  await removeDelayRelay(runner, record)
  const python = runner.pathOf('python3')
  const program = [python, '-I', PROGRAM, deviceOf(record), placeOf(record).publicAddress, controlOf(record)]
  const relay = runner.start('nsenter', [`--net=${namespacePath(ROUTER)}`, '--', ...program], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  await ready(relay)
  // It says nothing more, and outlives this helper.
  relay.stdout?.destroy()
  relay.stderr?.destroy()
  await must(runner, ipIn(ROUTER, renderRouting(record)), 'delayed paths')
}

/** Tells a relay that runs; `false` when none reads the fifo. */
const tell = async (record: BastionRecord, text: string): Promise<boolean> => {
  const control = await open(controlOf(record), constants.O_WRONLY | constants.O_NONBLOCK).catch(() => null)
  try {
    await control?.writeFile(text)
    return control !== null
  } catch {
    return false
  } finally {
    await control?.close()
  }
}

/** The table that the relay reads: delays in ms by the bastion's UDP port. Pure. */
export const renderDelays = (record: BastionRecord): string =>
  `${JSON.stringify(
    Object.fromEntries(
      record.conditions
        .filter(({ delayMs }) => delayMs > 0)
        .flatMap(({ slot, delayMs }) => portsOf(record, slot).map((port) => [port, delayMs])),
    ),
  )}\n`

/**
 * Has the delays of the record hold from now on. The relay is started with the first delay, and stays as long as the
 * bastion.
 * @throws MoleError `missing-program` without python3, `not-available` without tun.
 */
export const setDelays = async (runner: Runner, record: BastionRecord): Promise<void> => {
  const text = renderDelays(record)
  if ((await tell(record, text)) || !record.conditions.some(({ delayMs }) => delayMs > 0)) return
  await start(runner, record)
  if (!(await tell(record, text))) throw ended('')
}
