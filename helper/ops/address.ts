import { OURS } from '../../domain/ours.ts'
import type { OperationOf, OperationRules } from '../operation.ts'

/** The stable source address lives on `lo` and is known by its label (`ip-address(8)`). */
const place = (device: string): string => (device === 'lo' ? `lo label ${OURS.sourceLabel}` : device)

/** An IPv4 address of a tunnel, or the stable source address on `lo`. */
export const addressRules: OperationRules<OperationOf<'address'>> = {
  text: ({ device, address, to }) => (to ? `give ${device} the address ${address}` : `take ${address} from ${device}`),
  // `replace`: an address added before its predecessor in the same network was removed may be there or not.
  effects: ({ device, address, to }) => [
    {
      by: 'ip',
      line: to ? `address replace ${address} dev ${place(device)}` : `address delete ${address} dev ${place(device)}`,
    },
  ],
  undo: (operation) => [{ ...operation, to: operation.was, was: operation.to }],
}
