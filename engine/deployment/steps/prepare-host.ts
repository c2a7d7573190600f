import type { StepDefinition } from '../step.ts'

/** Finds or starts the helper that holds the tunnels' near end. */
export const prepareHost: StepDefinition = {
  limitMs: 30_000,
  run: async ({ host, signal, log }) => {
    const helper = await host.ensure(signal)
    const { version, pid, facts } = await helper.call('hello', {}, { signal })
    log(`helper ${version} answers (process ${pid}), kernel ${facts.kernel}, WireGuard: ${facts.wireguard}`)
  },
}
