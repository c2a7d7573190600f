import type { LinkFacts } from '../observe/facts.ts'
import type { Operation, OperationOf, OperationRules } from '../operation.ts'

/** What makes a removed interface whole again; next hops and routes are operations of their own. */
const rebuild = ({ name, flavour, mtuBytes, isUp, addresses, wireguard }: LinkFacts): Operation[] => [
  { kind: 'link', name, to: flavour, was: null },
  ...(wireguard === null ? [] : [{ kind: 'wireguard', name, flavour, to: wireguard, was: null } as const]),
  { kind: 'settings', name, to: { mtuBytes, isUp }, was: null },
  ...addresses.map((address) => ({ kind: 'address', device: name, address, to: true, was: false }) as const),
]

/** A WireGuard interface. With it go its address, its next hop, and the process that serves it. */
export const linkRules: OperationRules<OperationOf<'link'>> = {
  text: ({ name, to }) =>
    to === null
      ? `remove interface ${name}`
      : `make interface ${name} (WireGuard ${to === 'kernel' ? 'of the kernel' : 'in user space'})`,
  effects: ({ name, to, was }) => {
    if (to === 'kernel') return [{ by: 'ip', line: `link add dev ${name} type wireguard` }]
    if (to === 'userspace') return [{ by: 'spawn', name }]
    const remove = { by: 'ip', line: `link delete dev ${name}` } as const
    return was?.flavour === 'userspace' ? [remove, { by: 'gone', name }] : [remove]
  },
  undo: ({ name, to, was }) =>
    to === null
      ? rebuild(was)
      : [
          {
            kind: 'link',
            name,
            to: null,
            was: { name, flavour: to, mtuBytes: 0, isUp: false, addresses: [], wireguard: null },
          },
        ],
}
