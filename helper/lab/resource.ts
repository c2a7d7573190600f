import { join } from 'node:path'
import type { Program, Runner } from '../run.ts'
import { type BastionPlace, namespacePath } from './topology.ts'

/** Port of the iperf3 server that stays for the life of the private network. */
const IPERF_PORT = 5201
export const HTTP_PORT = 80

// Both the source (helper/lab/) and the bundle (dist/helper/) lie two folders below the package.
const HTTP_SERVER = join(import.meta.dirname, '../../resources/lab/research-resource.mjs')

/** Starts a program in the private network; it outlives the helper, and the network's removal ends it. */
const startInside = (
  runner: Runner,
  { privateNamespace }: BastionPlace,
  program: Program,
  argv: readonly string[],
): void => {
  runner.start('nsenter', [`--net=${namespacePath(privateNamespace)}`, '--', runner.pathOf(program), ...argv], {
    detached: true,
  })
}

/**
 * Starts what the private subnet offers: iperf3 and a small web server. Both listen on all
 * addresses: the namespace has none but the resource's, and gets it with its first bastion.
 */
export const startResource = (runner: Runner, place: BastionPlace): void => {
  startInside(runner, place, 'iperf3', ['--server', '--port', String(IPERF_PORT)])
  startInside(runner, place, 'node', [HTTP_SERVER, '0.0.0.0', String(HTTP_PORT)])
}
