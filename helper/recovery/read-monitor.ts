import { slotOfInterface } from '../../domain/ours.ts'

/** What a line of `ip -oneline monitor` (`ip-monitor(8)`) means to the tunnels. */
export type MonitorEvent =
  /** An interface of ours has gone. */
  | { readonly kind: 'tunnel-gone'; readonly name: string }
  /** An address of this host, or a way out of it, is another than before. */
  | { readonly kind: 'moved' }

const LINK = /^Deleted [0-9]+: ([^@:\s]+)[@:]/
const ADDRESS = /^(?:Deleted )?[0-9]+: (\S+) +inet ([0-9./]+) /
const ROUTE = /^(?:Deleted )?(?:unicast )?(default|[0-9.]+(?:\/[0-9]+)?) /

const isOurs = (device: string): boolean => slotOfInterface(device) !== null

/** Whether a route is the host's own: in table `main`, and through none of the tunnels. */
const isWayOut = (line: string): boolean => {
  const device = / dev (\S+)/.exec(line)?.[1] ?? ''
  return !/ table /.test(line) && !isOurs(device) && device !== 'lo'
}

/** What a line means; `null`: nothing. IPv4 only, as the tunnels' far ends are reached by it. Pure. */
export const readMonitorLine = (line: string): MonitorEvent | null => {
  const name = LINK.exec(line)?.[1]
  if (name !== undefined) return isOurs(name) ? { kind: 'tunnel-gone', name } : null
  const device = ADDRESS.exec(line)?.[1]
  if (device !== undefined) return isOurs(device) || device === 'lo' ? null : { kind: 'moved' }
  return ROUTE.test(line) && isWayOut(line) ? { kind: 'moved' } : null
}
