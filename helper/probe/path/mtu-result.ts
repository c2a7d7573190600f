import type { MtuResult } from '../../../domain/probe/path.ts'
import { figure, measured, type Tool } from '../source.ts'
import type { Searched } from './search-mtu.ts'

/** IPv4 20, UDP 8, WireGuard 32: what a tunnel adds to each packet (WireGuard's white paper, section 5.4.6). */
const TUNNEL_BYTES = 60

const limitOf = ({ failed }: Searched): MtuResult['limitedBy'] =>
  failed === null ? 'ladder' : failed.saidBy === 'this-host' ? 'interface' : 'path'

const howFound = ({ mtuBytes, failed }: Searched, by: 'UDP' | 'ICMP', port: string): string => {
  const passed = `${by} echoes${port} that may not be fragmented: ${mtuBytes} bytes passed`
  if (failed === null) return `${passed}, the largest that was to be tried`
  const fate =
    failed.saidBy === 'this-host' ? 'this host does not send' : failed.saidBy === 'path' ? 'is too big' : 'is lost'
  return failed.bytes === mtuBytes + 1
    ? `${passed}, ${failed.bytes} ${fate} (${failed.sent} tries)`
    : `${passed}; larger ones up to ${failed.bytes} pass by chance only`
}

/**
 * The result of a search.
 * @param told what routers named as the largest; the smallest of them counts
 */
export const makeMtuResult = (
  searched: Searched,
  { by, port, told, tool }: { by: 'udp' | 'icmp'; port: number | null; told: readonly number[]; tool?: Tool },
): MtuResult => {
  const { mtuBytes, failed, rungs } = searched
  const limitedBy = limitOf(searched)
  const how = howFound(searched, by === 'udp' ? 'UDP' : 'ICMP', port === null ? '' : ` to port ${port}`)
  const from = measured(how, tool)
  return {
    by,
    mtuBytes: figure(mtuBytes, from),
    innerMtuBytes: figure(mtuBytes - TUNNEL_BYTES, {
      ...from,
      how: `${how}; less ${TUNNEL_BYTES} bytes of a tunnel (IPv4)`,
    }),
    rungs: [...rungs],
    blackHole: limitedBy === 'path' && failed?.outcome === 'lost',
    saidBytes: told.length === 0 ? null : Math.min(...told),
    limitedBy,
  }
}
