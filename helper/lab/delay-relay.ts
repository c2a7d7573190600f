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
 * Delay of paths. Where the kernel has no netem, a process delays: a router leads the packets of delayed paths, which nft
 * marks, into a tun device, and gets them back from it some time later. Without the process they take the ordinary way. The
 * device names the process: without it, it ends.
 */

// Both the source (helper/lab/) and the bundle (dist/helper/) lie two folders below the package.
const PROGRAM = join(import.meta.dirname, '../../resources/lab/delay-relay.py')

/** One such process, and how packets find it. */
export type DelayRelay = {
  /** The router's. */
  readonly namespace: string
  readonly device: string
  readonly mtuBytes: number
  /** Whose UDP ports name paths. */
  readonly address: string
  /** The fifo by which the process is told its delays; on the world's tmpfs. */
  readonly control: string
  /** Of packets that are to be delayed; its routing table follows from it. */
  readonly mark: number
}

const relayOf = (record: BastionRecord): DelayRelay => ({
  namespace: ROUTER,
  device: `delay${record.index}`,
  mtuBytes: 1500,
  address: placeOf(record).publicAddress,
  control: `/run/lab-delay${record.index}`,
  mark: delayMark(record),
})

/** Beyond all that anybody else uses in the router: it is the lab's own. */
const tableOf = ({ mark }: DelayRelay): number => 1000 + mark

const renderRouting = (relay: DelayRelay): string => {
  const { device, mark, mtuBytes } = relay
  const table = tableOf(relay)
  return [
    // Packets of offload are up to 64 KiB: this is a second of several Gbit/s.
    `link set ${device} mtu ${mtuBytes} txqueuelen 5000 up`,
    `route add default dev ${device} table ${table}`,
    `rule add fwmark ${mark} lookup ${table} priority ${table}`,
    '',
  ].join('\n')
}

const removal = (relay: DelayRelay): string => `rule del priority ${tableOf(relay)}\nlink del ${relay.device}\n`

const remove = async (runner: Runner, relay: DelayRelay): Promise<void> => {
  await runner.run('ip', ['-n', relay.namespace, '-force', '-batch', '-'], { input: removal(relay) })
  await rm(relay.control, { force: true })
}

/** Ends a bastion's relay, if it has one; what waits in it is lost. */
export const removeDelayRelay = (runner: Runner, record: BastionRecord): Promise<void> =>
  remove(runner, relayOf(record))

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

const start = async (runner: Runner, relay: DelayRelay): Promise<void> => {
  const { namespace, device, address, control } = relay
  await remove(runner, relay)
  const python = runner.pathOf('python3')
  const program = [python, '-I', PROGRAM, device, address, control]
  const child = runner.start('nsenter', [`--net=${namespacePath(namespace)}`, '--', ...program], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  await ready(child)
  // It says nothing more, and outlives this helper.
  child.stdout?.destroy()
  child.stderr?.destroy()
  await must(runner, ipIn(namespace, renderRouting(relay)), 'delayed paths')
}

/** Tells a relay that runs; `false` when none reads the fifo. */
const tell = async (path: string, text: string): Promise<boolean> => {
  const control = await open(path, constants.O_WRONLY | constants.O_NONBLOCK).catch(() => null)
  try {
    await control?.writeFile(text)
    return control !== null
  } catch {
    return false
  } finally {
    await control?.close()
  }
}

/**
 * Starts a relay and tells it delays: JSON, in ms by UDP port; port 0 is of all other packets.
 * @throws MoleError `missing-program` without python3, `not-available` without tun.
 */
export const startDelayRelay = async (runner: Runner, relay: DelayRelay, delays: string): Promise<void> => {
  await start(runner, relay)
  if (!(await tell(relay.control, delays))) throw ended('')
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
  const relay = relayOf(record)
  if ((await tell(relay.control, text)) || !record.conditions.some(({ delayMs }) => delayMs > 0)) return
  await startDelayRelay(runner, relay, text)
}
