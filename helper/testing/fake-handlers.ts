import type { Handlers } from '../../contract/define.ts'
import { type HelperContract, helperContract } from '../../contract/helper.ts'

/** Handlers that answer `hello` and `keys.forget`, and fail at everything else. */
export const fakeHandlers = (changes: Partial<Handlers<HelperContract>> = {}): Handlers<HelperContract> => {
  const unforeseen = Object.keys(helperContract).map((verb) => [
    verb,
    async () => {
      throw new Error(`${verb} was not expected`)
    },
  ])
  return {
    ...(Object.fromEntries(unforeseen) as Handlers<HelperContract>),
    hello: async () => ({
      version: '0',
      pid: 1,
      facts: { kernel: '6', wireguard: 'userspace', isLab: true },
      generation: 7,
    }),
    'keys.forget': async () => ({}),
    ...changes,
  }
}
