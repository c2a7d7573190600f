import { join } from 'node:path'
import { HELPER_SERVICE_UNIT, HELPER_SOCKET_UNIT } from '../installed-helper.ts'

/** Where an installed helper lies. All of it root's own. */
export type Layout = {
  /** Program, Node.js and native module, in the shape of our package. */
  readonly library: string
  readonly socketUnit: string
  readonly serviceUnit: string
  /** Keys and journal. */
  readonly state: string
  /** The socket's directory. */
  readonly runtime: string
}

/** As the units see it, wherever it was staged. */
export const LIBRARY = '/usr/lib/mole'

const UNITS = '/etc/systemd/system'

/** Below `root`, which is `/` but where a package is made. */
export const installLayout = (root: string): Layout => ({
  library: join(root, LIBRARY),
  socketUnit: join(root, UNITS, HELPER_SOCKET_UNIT),
  serviceUnit: join(root, UNITS, HELPER_SERVICE_UNIT),
  state: join(root, '/var/lib/mole'),
  runtime: join(root, '/run/mole'),
})
