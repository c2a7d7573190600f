import { slotOfInterface } from '../../domain/ours.ts'
import type { Runner } from '../run.ts'

/** What the kernel's routing goes by: addresses, ports, and the mark of the packet's connection. */
export type RoutedFlow = {
  readonly source: string
  readonly sourcePort: number
  readonly address: string
  readonly port: number
  readonly protocol?: 'tcp' | 'udp'
  readonly mark?: number
}

const question = ({ source, sourcePort, address, port, protocol = 'tcp', mark = 0 }: RoutedFlow): string =>
  `route get ${address} from ${source}${mark === 0 ? '' : ` mark ${mark}`} ipproto ${protocol} sport ${sourcePort} dport ${port}`

/** The lane number that each line of `ip -oneline route get` names, `null` where it leads to no tunnel. Pure. */
export const parseRouteSlots = (output: string): (number | null)[] =>
  output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => slotOfInterface(/ dev (\S+)/.exec(line)?.[1] ?? ''))

/**
 * Asks the kernel which tunnel each flow takes (`ip-route(8)`, `route get`), in their order; by the rules, marks and hash in
 * force now. `null` when it does not tell.
 */
export const askRoutes = async (runner: Runner, flows: readonly RoutedFlow[]): Promise<(number | null)[] | null> => {
  if (flows.length === 0) return []
  const { stdout, code } = await runner.run('ip', ['-oneline', '-batch', '-'], {
    input: `${flows.map(question).join('\n')}\n`,
  })
  const slots = parseRouteSlots(stdout)
  return code === 0 && slots.length === flows.length ? slots : null
}
