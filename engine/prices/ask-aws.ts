import type { Clock } from '../clock.ts'
import type { AskPrices } from './prices.ts'

/** Asks the Pricing API. The SDK is loaded when somebody asks: an engine that never does starts without it. */
export const askAws =
  (clock: Pick<Clock, 'wallMs'>): AskPrices =>
  async (account, types) => {
    const [{ awsClients }, { observeRegionPrices }] = await Promise.all([
      import('../cloud/aws/clients.ts'),
      import('../cloud/aws/prices.ts'),
    ])
    return observeRegionPrices(awsClients(account), account, types, clock.wallMs())
  }
