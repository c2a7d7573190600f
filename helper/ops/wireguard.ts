import type { OperationOf, OperationRules } from '../operation.ts'

/** Key, port and peers of an interface (`wg(8)`). A session whose peer stays is not cut. */
export const wireguardRules: OperationRules<OperationOf<'wireguard'>> = {
  text: ({ name, to }) => {
    const peers = to.peers.map(
      ({ publicKey, endpoint, allowedNetworks }) =>
        `${publicKey} at ${endpoint ?? 'an unknown endpoint'} for ${allowedNetworks.join(', ') || 'nothing'}`,
    )
    return `have ${name} listen on UDP ${to.listenPort}, with peer ${peers.join(' and ') || 'none'}`
  },
  effects: ({ name, flavour, to, was }) => [{ by: 'wireguard', name, flavour, to, was }],
  // Without settings before, the interface itself was made by us and goes with them.
  undo: ({ was, to, ...rest }) => (was === null ? [] : [{ ...rest, to: was, was: to }]),
}
