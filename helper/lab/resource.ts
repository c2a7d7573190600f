import { join } from 'node:path'
import type { Program, Runner } from '../run.ts'
import type { BastionRecord } from './record.ts'
import { namespacePath, placeOf } from './topology.ts'

/** Port of the iperf3 server that stays for the life of the bastion. */
const IPERF_PORT = 5201
export const HTTP_PORT = 80

// Both the source (helper/lab/) and the bundle (dist/helper/) lie two folders below the package.
const HTTP_SERVER = join(import.meta.dirname, '../../resources/lab/research-resource.mjs')

/** Starts a program in the private subnet; it outlives the helper, and `lab.terminate` ends it. */
const startInside = (runner: Runner, record: BastionRecord, program: Program, argv: readonly string[]): void => {
  const { privateNamespace } = placeOf(record)
  runner.start('nsenter', [`--net=${namespacePath(privateNamespace)}`, '--', runner.pathOf(program), ...argv], {
    detached: true,
  })
}

/**
 * Starts what the private subnet offers: iperf3 and a small web server. Both listen on the subnet's own address; as this
 * runs beside the address being set, they listen on all, in a namespace that has no other.
 */
export const startResource = (runner: Runner, record: BastionRecord): void => {
  startInside(runner, record, 'iperf3', ['--server', '--port', String(IPERF_PORT)])
  startInside(runner, record, 'node', [HTTP_SERVER, '0.0.0.0', String(HTTP_PORT)])
}
